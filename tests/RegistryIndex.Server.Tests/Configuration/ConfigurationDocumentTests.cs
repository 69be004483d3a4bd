using System.Globalization;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

public class ConfigurationDocumentTests : Workspace
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository(), "docs", "configuration.md"));

    [Fact]
    public void The_example_of_the_document_has_the_documented_meaning()
    {
        Write("registry.yml", Document.Split("```yaml\n")[1].Split("```")[0]);
        var dev = Configure(Input with { File = "registry.yml" });
        dev["search_backend"].Should().Be("sqlalchemy");
        dev["sqlalchemy_index_database"].Should().Be("sqlite:////var/lib/registry-index/index.db");
        dev["storage_path"].Should().Be("/var/lib/registry");
        dev["extensions:dynamodb_index:region"].Should().Be("us-east-1");
        Set("DYNAMODB_DATABASE", "mine");
        var prod = Configure(Input with { File = "registry.yml", Flavor = "prod" });
        prod["search_backend"].Should().Be("docker_registry_index.dynamodb");
        prod["loglevel"].Should().Be("info");
        prod["extensions:dynamodb_index:region"].Should().Be("eu-central-1");
        prod["extensions:dynamodb_index:database"].Should().Be("mine");
    }

    [Theory]
    [InlineData("`$STATE_DIRECTORY/index.db`", "STATE_DIRECTORY", "/var/lib/mine", "/var/lib/mine/index.db")]
    [InlineData("`$XDG_STATE_HOME/registry-index/index.db`", "XDG_STATE_HOME", "/var/lib/mine", "/var/lib/mine/registry-index/index.db")]
    [InlineData("`~/.local/state/registry-index/index.db`", "HOME", "/home/mine", "/home/mine/.local/state/registry-index/index.db")]
    public void The_document_names_the_place_of_the_default_database(string text, string variable, string value, string file)
    {
        Set(variable, value);
        Document.Should().Contain(text);
        Configure()["sqlalchemy_index_database"].Should().Be("sqlite:///" + file);
    }

    [Fact]
    public void The_document_names_every_other_default() =>
        EffectiveSettings.Read(Configure()).Where(setting => setting.Key != "sqlalchemy_index_database").Should().HaveCount(2).And.AllSatisfy(setting => Document.Should().Contain($"| `{setting.Key}` | `{setting.Value}` |"));

    [Fact]
    public void The_document_states_the_limits() =>
        Document.Should().Contain(string.Create(CultureInfo.InvariantCulture,
            $"{YamlText.MaxBytes >> 20} MiB, {YamlComposer.MaxNodes:N0} values after aliases are expanded, {YamlComposer.MaxHeight} levels, keys of {YamlComposer.MaxKeyLength} characters"));

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "RegistryIndex.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        return directory;
    }
}
