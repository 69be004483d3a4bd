using System.Runtime.Versioning;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary><c>eng/documents/reader.sh</c>, which tests the documents: it fails for a document with a mistake.</summary>
[SupportedOSPlatform("linux")]
public sealed class DocumentReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_reader_runs_the_blocks_of_a_document_in_order()
    {
        var result = await ReadAsync($$"""
            `{{_directory.Path}}/settings.yml`:

            ```yaml
            dev:
              a: b
            ```

            An example, which is no file:

            ```yaml
            c: d
            ```

            ```sh
            export WHERE={{_directory.Path}}
            cd "$WHERE"
            ```

            ```sh
            printf 'one   two\nthree four\nfive\n'
            cat settings.yml
            ```

            ```text
            one two
            …
            five
            …a: b
            ```
            """);
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        (await File.ReadAllTextAsync(Path.Combine(_directory.Path, "settings.yml"), TestContext.Current.CancellationToken)).Should().Be("dev:\n  a: b\n");
    }

    [Theory]
    [InlineData("sh", "true\nno-such-command --flag\ntrue", "this failed: no-such-command --flag")]
    [InlineData("sh", "false | cat", "this failed: false | cat")]
    [InlineData("sh", "curl -s http://127.0.0.1:1/", "this was not answered: curl")]
    [InlineData("sh", "registry-index serve --bogus", "it does not serve: registry-index serve --bogus")]
    [InlineData("sh", "if true; then\necho yes\nfi", "this failed: if true; then")]
    [InlineData("yaml", "a: b", "/no/such/directory/config.yml cannot be written")]
    public async Task A_failed_command_is_reported(string language, string block, string told)
    {
        var result = await ReadAsync($"`/no/such/directory/config.yml`:\n\n```{language}\n{block}\n```\n");
        result.ExitCode.Should().Be(1, result.Stdout);
        result.Stderr.Should().Contain(told);
    }

    [Theory]
    [InlineData(@"one\nthree", "one\ntwo\nthree")]
    [InlineData(@"two\none", "one\ntwo")]
    [InlineData("one two", "one")]
    [InlineData("[a]*", "[b]*")]
    public async Task Output_that_differs_from_the_document_is_reported(string printed, string shown)
    {
        var result = await ReadAsync($"```sh\nprintf '{printed}\\n'\n```\n\nThis prints:\n\n```text\n{shown}\n```\n");
        result.ExitCode.Should().Be(1, result.Stdout);
        result.Stderr.Should().Contain($"it never printed: {shown}");
    }

    [Fact]
    public async Task A_failure_before_a_condition_is_reported()
    {
        var result = await ReadAsync("```sh\nfalse\ncurl -s http://127.0.0.1:1/\n```\n\n```text\n…\n```\n");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("this failed: false");
    }

    private async Task<ProcessResult> ReadAsync(string document)
    {
        var file = Path.Combine(_directory.Path, "document.md");
        await File.WriteAllTextAsync(file, document, TestContext.Current.CancellationToken);
        return await ProcessRunner.RunAsync(Checkout.PathOf("eng", "documents", "reader.sh"), [file], TestContext.Current.CancellationToken);
    }
}
