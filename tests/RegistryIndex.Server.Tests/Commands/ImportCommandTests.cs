using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("a\tone\ttwo", "Line 1 is refused: it has 3 columns, and only name and description are known")]
    [InlineData("good\n\n-bad\tname", "Line 3 is refused: The repository name '-bad'")]
    [InlineData("good\n{\"name\":\"a//b\"}", "Line 2 is refused: The repository name 'a//b'")]
    [InlineData("docker.io/library/redis:7", "Line 1 is refused: 'docker.io/library/redis:7' is a reference, but the index contains names: write 'library/redis', or import with --references.")]
    [InlineData("good\n{\"name\":\"app\",\"facts\":{\"tag_count\":\"many\"}}", "Line 2 is refused: its \"facts\" are not valid at $.facts.tag_count.")]
    [InlineData("localhost:5000/app@sha256:00", "write 'app', or import with --references")]
    [InlineData("docker://host.example/app", "write 'app', or import with --references")]
    [InlineData("app name:7", "The repository name 'app name:7' has the character ' '")]
    public async Task A_refused_line_is_reported_with_its_number_and_a_remedy(string input, string sentence)
    {
        var result = await ImportAsync(input);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain(sentence).And.Contain("1 were refused, as said above.").And.NotContain("   at ");
        (await ExportAsync()).Should().Be(input.Contains("good", StringComparison.Ordinal) ? "good\n" : "");
    }

    [Fact]
    public async Task Names_are_extracted_from_image_references()
    {
        const string Input = "docker.io/library/redis:7\tCache\nlocalhost:5000/team/app@sha256:00\nredis:8\nhttps://registry.example/charts/web\nteam/plain\n{\"name\":\"10.0.0.1:443/json:v1\",\"description\":\"d\"}\n";
        var result = await ImportAsync(Input, "--references");
        result.ExitCode.Should().Be(0, "it said {0}", result.Stderr);
        (await ExportAsync()).Should().Be("charts/web\njson\td\nlibrary/redis\tCache\nredis\nteam/app\nteam/plain\n");
    }

    [Fact]
    public async Task A_name_that_only_resembles_a_reference_is_kept()
    {
        (await ImportAsync("docker.io/library/redis\n")).ExitCode.Should().Be(0);
        (await ExportAsync()).Should().Be("docker.io/library/redis\n");
    }

    [Fact]
    public async Task Facts_are_imported_and_exported_and_kept_if_the_file_has_none()
    {
        const string Line = """{"name":"app","description":"Größe","facts":{"tag":"1.0","kind":"chart","pushed_at":"2026-05-01T12:00:00+00:00","title":"a <b>"}}""" + "\n";
        (await ImportAsync(Line)).ExitCode.Should().Be(0);
        (await ImportAsync("app\tGröße\nplain\n")).ExitCode.Should().Be(0);
        (await ExportAsync("jsonl")).Should().Be(Line + """{"name":"plain","description":null}""" + "\n");
    }

    [Fact]
    public async Task The_option_keeps_descriptions_that_the_file_does_not_have()
    {
        await ImportAsync("a\told\nb\told\n");
        (await ImportAsync("a\nb\tnew\n", "--keep-descriptions")).ExitCode.Should().Be(0);
        (await ExportAsync()).Should().Be("a\told\nb\tnew\n");
        await ImportAsync("a\n");
        (await ExportAsync()).Should().Be("a\nb\tnew\n");
    }

    [Fact]
    public async Task The_first_refused_lines_are_shown_and_a_file_lists_all()
    {
        var input = string.Concat(Enumerable.Range(1, 200).Select(i => i % 2 == 0 ? $"good-{i}\n" : $"bad name {i}\twhat it is\n"));
        var shown = await ImportAsync(input);
        shown.ExitCode.Should().Be(1);
        shown.Stderr.Split('\n').Where(line => line.Contains(" is refused: ", StringComparison.Ordinal)).Should().HaveCount(20);
        shown.Stderr.Should().Contain("100 were refused, the first 20 as said above (--refused FILE lists all).");

        var file = Path.Combine(_directory.Path, "refused.jsonl");
        var listed = await ImportAsync(input + "one\ttwo\tthree\n", "--refused", file);
        listed.ExitCode.Should().Be(1);
        listed.Stderr.Should().Contain($"101 were refused, listed in {file}.").And.NotContain("bad name");
        var lines = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
        lines.Should().HaveCount(101);
        lines[1]["line"]!.GetValue<int>().Should().Be(3);
        lines[1]["name"]!.GetValue<string>().Should().Be("bad name 3");
        lines[1]["description"]!.GetValue<string>().Should().Be("what it is");
        lines[1]["reason"]!.GetValue<string>().Should().Contain("has the character ' '");
        lines[^1]["text"]!.GetValue<string>().Should().Be("one\ttwo\tthree");
    }

    [Fact]
    public async Task Corrected_lines_of_the_list_can_be_imported()
    {
        var file = Path.Combine(_directory.Path, "refused.jsonl");
        await ImportAsync("team/good\tfine\nbad name\twhat it is\n", "--refused", file);
        var mended = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\"bad name\"", "\"bad-name\"", StringComparison.Ordinal);
        (await ImportAsync(mended)).ExitCode.Should().Be(0);
        (await ExportAsync()).Should().Be("bad-name\twhat it is\nteam/good\tfine\n");
    }

    [Fact]
    public async Task The_list_of_refused_lines_never_overwrites_a_file()
    {
        await ImportAsync("kept\n");
        var input = Path.Combine(_directory.Path, "rows.tsv");
        await File.WriteAllTextAsync(input, "good\nbad name\n", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "link.tsv"), input);
        foreach (var list in (string[])["rows.tsv", "link.tsv", "index.db"])
        {
            var result = await RegistryIndexProcess.RunAsync("import", input, "--refused", Path.Combine(_directory.Path, list), "--database", Database);
            result.ExitCode.Should().Be(2);
            result.Stderr.Should().Contain("names a file that is not empty; name a new one");
        }

        (await File.ReadAllTextAsync(input, TestContext.Current.CancellationToken)).Should().Be("good\nbad name\n");
        (await ExportAsync()).Should().Be("kept\n");
    }

    [Fact]
    public async Task A_list_that_cannot_be_written_is_an_error_before_the_import()
    {
        var result = await ImportAsync("good\nbad name\n", "--refused", Path.Combine(_directory.Path, "missing", "refused.jsonl"));
        result.ExitCode.Should().NotBe(0);
        result.Stderr.Should().Contain("missing").And.NotContain("   at ");
        File.Exists(Path.Combine(_directory.Path, "index.db")).Should().BeFalse();
    }

    [Fact]
    public async Task Input_that_is_not_text_is_refused()
    {
        var random = new byte[100_000];
        new Random(5).NextBytes(random);
        var archive = new MemoryStream();
        await using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(random, TestContext.Current.CancellationToken);
        foreach (var (name, content) in (IEnumerable<(string, byte[])>)[("random", random), ("rows.jsonl.gz", archive.ToArray()), ("index.sqlite", Encoding.ASCII.GetBytes("SQLite format 3\0a\nb\n")), ("unmarked", Encoding.Unicode.GetBytes("a\nb\n"))])
        {
            var file = Path.Combine(_directory.Path, name);
            await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
            var result = await RegistryIndexProcess.RunAsync("import", file, "--database", Database);
            result.ExitCode.Should().Be(2, name);
            result.Stderr.Should().StartWith($"registry-index: The file '{file}' is not text: it has zero bytes.");
        }

        File.Exists(Path.Combine(_directory.Path, "index.db")).Should().BeFalse();
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public async Task A_byte_order_mark_determines_the_encoding(string encoding)
    {
        var file = Path.Combine(_directory.Path, "rows");
        await File.WriteAllTextAsync(file, "a\tcafé\r\nb\r\n", Encoding.GetEncoding(encoding), TestContext.Current.CancellationToken);
        (await RegistryIndexProcess.RunAsync("import", file, "--database", Database)).ExitCode.Should().Be(0);
        (await ExportAsync()).Should().Be("a\tcafé\nb\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u00ef\u00bb\u00bf")]
    public async Task A_line_in_another_encoding_is_refused(string mark)
    {
        var file = Path.Combine(_directory.Path, "rows");
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes(mark + "a\tcaf\u00e9\nb\tplain\n"), TestContext.Current.CancellationToken);
        var result = await RegistryIndexProcess.RunAsync("import", file, "--database", Database);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("Line 1 is refused: it has bytes that are not UTF-8 text.");
        (await ExportAsync()).Should().Be("b\tplain\n");
    }

    private Task<ProcessResult> ImportAsync(string input, params string[] options) =>
        RegistryIndexProcess.RunWithInputAsync(input, ["import", "-", .. options, "--database", Database]);

    private async Task<string> ExportAsync(string format = "tsv") => (await RegistryIndexProcess.RunAsync("export", "-f", format, "--database", Database)).Stdout;

    private string Database => $"sqlite:///{_directory.Path}/index.db";
}
