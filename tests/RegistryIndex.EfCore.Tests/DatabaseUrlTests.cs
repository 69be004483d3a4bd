namespace RegistryIndex.EfCore.Tests;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("sqlite:////tmp/docker-registry.db", "/tmp/docker-registry.db")]
    [InlineData("sqlite:///index.db", "index.db")]
    [InlineData("SQLITE:///data/a b%20c.db", "data/a b%20c.db")]
    [InlineData("sqlite+pysqlite:////var/lib/x.db", "/var/lib/x.db")]
    public void Three_slashes_are_relative_and_four_absolute(string url, string path) =>
        DatabaseUrl.Parse(url).File.Should().Be(Path.GetFullPath(path));

    [Theory]
    [InlineData("sqlite://")]
    [InlineData("sqlite:///:memory:")]
    public void Without_a_path_it_is_in_memory(string url) => DatabaseUrl.Parse(url).File.Should().BeNull();

    [Theory]
    [InlineData("index.db", "no database URL")]
    [InlineData("sqlite://host/index.db", "has a host")]
    [InlineData("sqlite:///index.db?mode=ro", "options after '?'")]
    [InlineData("mysql://user:pa55word@host/db", "'mysql', for which there is no provider")]
    [InlineData("postgresql+psycopg2://user:pa55word@host/db", "'postgresql', for which there is no provider")]
    [InlineData("user:pa55word@host", "…@host")]
    public void Anything_else_is_one_sentence_without_secrets(string url, string problem) =>
        DatabaseUrl.FindProblem(url).Should().Contain(problem).And.Contain("sqlalchemy_index_database").And.NotContain("pa55word");
}
