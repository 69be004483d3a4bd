using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>
/// Standard streams that are closed or cannot be written, and a deleted working directory: exit codes stay the same, and there is no
/// stack trace.
/// </summary>
public sealed class StandardStreamsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("search app", 0)]
    [InlineData("serch app", 2)]
    [InlineData("search app --set rate_limit=x", 2)]
    [InlineData("search app --set sync_intervall=1", 0)] // it would warn of this setting
    [InlineData("delete nothing/like/this", 0)]
    [InlineData("load --storage-path /nowhere", 1)]
    public async Task Failed_writes_to_standard_error_are_ignored(string command, int exitCode)
    {
        foreach (var error in (string[])["2>&-", "2> /dev/full"])
        {
            var result = await RunAsync($"index {command} --database \"$database\" {error}");
            result.ExitCode.Should().Be(exitCode, "{0} {1} says {2}", command, error, result.Stderr);
        }
    }

    [Theory]
    [InlineData("search app", ">&-", "Standard output is closed; nothing was changed.")]
    [InlineData("search app", "> /dev/full", "Standard output cannot be written (No space left on device); nothing was changed.")]
    [InlineData("export", ">&-", "Standard output is closed; the output is incomplete. Run the same command again to write all of it.")]
    [InlineData("export", "> /dev/full", "Standard output cannot be written (No space left on device); the output is incomplete. Run the same command again to write all of it.")]
    [InlineData("export", "1< /dev/null", "Standard output cannot be written (")]
    [InlineData("config", ">&-", "Standard output is closed; nothing was changed.")]
    [InlineData("status --json", "> /dev/full", "Standard output cannot be written (No space left on device); nothing was changed.")]
    [InlineData("--help", "> /dev/full", "Standard output cannot be written (No space left on device).")]
    [InlineData("--version", ">&-", "Standard output is closed.")]
    public async Task Output_that_cannot_be_written_is_an_error(string command, string output, string sentence)
    {
        var result = await RunAsync($"index {command} {(command.StartsWith('-') ? "" : "--database \"$database\"")} {output}");
        result.ExitCode.Should().Be(1, result.Stderr);
        result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Should().StartWith($"registry-index: {sentence}");
        result.Stderr.Should().NotContain("   at ").And.NotContain("Access");
    }

    [Fact]
    public async Task Output_is_appended_to_an_existing_file()
    {
        var result = await RunAsync("(echo before; index search app --database \"$database\"; index export -f tsv --database \"$database\"; echo after) > file 2> /dev/null; cat file");
        result.Stdout.Should().Be("before\nteam/app\tThe app\nteam/app\tThe app\nafter\n", result.Stderr);
    }

    [Fact]
    public async Task A_command_without_output_works_without_standard_output()
    {
        var result = await RunAsync("printf 'team/web\\n' | index import - --database \"$database\" >&- 2>&-; echo $?; index import - --database \"$database\" <&-; echo $?; index import - --database \"$database\" < /; echo $?");
        result.Stdout.Should().Be("0\n2\n1\n");
        result.Stderr.Should().Be("registry-index: Standard input is closed: name a file, or redirect one with < FILE.\nregistry-index: The input cannot be read: Is a directory.\n");
    }

    [Fact]
    public async Task A_server_continues_without_its_log()
    {
        foreach (var streams in (string[])[">&- 2>&-", "> /dev/full 2> /dev/full"])
        {
            var port = Testing.FreePort.Find();
            var result = await RunAsync($$"""
                dotnet "$dll" serve --urls http://127.0.0.1:{{port}} --database "$database" --set rate_limit=100 {{streams}} &
                server=$!
                until curl -sf http://127.0.0.1:{{port}}/v1/search?q=app; do kill -0 $server || exit 99; sleep 0.1; done
                kill $server; wait $server
                """);
            result.ExitCode.Should().Be(0, result.Stderr);
            result.Stdout.Should().Contain("team/app");
        }
    }

    [Fact]
    public async Task A_deleted_working_directory_is_reported()
    {
        var result = await RunAsync("mkdir gone; cd gone; rmdir ../gone; index search app --database \"$database\"");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Be("registry-index: The working directory, which may contain appsettings.json, was deleted or cannot be found: change to one that exists (cd).\n");
    }

    private Task<ProcessResult> RunAsync(string script) => ProcessRunner.RunAsync("bash",
    [
        "-c",
        """
        index() { dotnet "$dll" "$@"; }
        dll=$0; cd "$1"; database=sqlite:///$1/index.db
        printf 'team/app\tThe app\n' | index import - --database "$database" > /dev/null 2>&1

        """ + script,
        Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), _directory.Path,
    ], TestContext.Current.CancellationToken);
}
