using System.Runtime.InteropServices;
using RegistryIndex.Conformance;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Packages.Tests;

/// <summary>Applications that embed an index, published with NativeAOT and trimming. A warning from our code would fail the publishing.</summary>
public sealed class EmbeddingTests : IDisposable
{
    private const string Found = "team/shop/web (The front end)\n";
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task An_application_with_DynamoDB_is_compiled_to_machine_code_and_searches()
    {
        var server = await DynamoDbServer.GetAsync();
        if (server.Endpoint is null && !DynamoDbServer.IsRequired)
            Assert.Skip(server.WhyNot!);
        var program = await PublishAsync("Embedding.DynamoDb");
        var result = await Dotnet.RunProgramAsync(
            program, _directory.Path, [$"embedding-{Guid.NewGuid():n}", "shop", "front"],
            ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL_DYNAMODB", server.Endpoint!));
        result.Stdout.Should().Contain(Found, result.Stderr);
        result.ExitCode.Should().Be(0);
        Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*.dll").Should().BeEmpty();
    }

    [Fact]
    public async Task An_application_with_SQLite_is_trimmed_and_searches()
    {
        var program = await PublishAsync("Embedding.Sqlite");
        var result = await Dotnet.RunProgramAsync(program, _directory.Path, ["index.db", "shop", "front"]);
        result.Stdout.Should().Contain(Found, result.Stderr);
        result.ExitCode.Should().Be(0);
    }

    [Fact]
    public void The_snippets_of_the_document_are_lines_of_the_programs()
    {
        string[] programs = [.. new[] { "Embedding.DynamoDb", "Embedding.Sqlite" }.Select(sample => File.ReadAllText(Checkout.PathOf("samples", sample, "Program.cs"))), Checkout.LinesOf("tests/RegistryIndex.Packages.Tests/EmbeddingTests.cs", "in memory")];
        Checkout.Snippets("docs/embedding.md", "csharp").Should().HaveCount(3).And.OnlyContain(snippet => programs.Any(program => program.Contains(snippet, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_index_in_memory_serves_unit_tests()
    {
        // in memory
        var index = new ReferenceIndex();
        await index.UpsertAsync(new Repository("team/shop/web", "The front end"));
        SearchPage page = await index.SearchAsync(new SearchRequest("shop"));
        // end

        page.Repositories.Should().ContainSingle().Which.Name.Should().Be("team/shop/web");
    }

    /// <returns>The program.</returns>
    private async Task<string> PublishAsync(string sample)
    {
        var to = Path.Combine(_directory.Path, sample);
        await Dotnet.RunAsync(
            Checkout.PathOf("samples", sample),
            ["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", to, "--artifacts-path", Path.Combine(_directory.Path, "artifacts"), "-nodeReuse:false", "-v", "quiet"]);
        return Path.Combine(to, sample);
    }

    public void Dispose() => _directory.Dispose();
}
