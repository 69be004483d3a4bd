using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>The real commands read the storage of a real registry with entries that no registry creates.</summary>
public sealed class StrangeStorageTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private DockerRegistry _registry = null!;
    private HandMadeImages _images = null!;

    private string Repositories => Path.Combine(_registry.RootDirectory, "docker/registry/v2/repositories");

    private string[] Index => ["--storage-path", _registry.RootDirectory, "--database", $"sqlite:///{_directory.Path}/index.db"];

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        _images = new(_registry.Address);
        foreach (var name in (string[])["a/first", "fifo/app", "link/app", "linked/app", "linked/web", "loop/app", "nowhere/app", "plain/app", "z/last"])
            await _images.ImageAsync(name, "latest", [(Description, $"about {name}")]);
    }

    public async ValueTask DisposeAsync()
    {
        _images.Dispose();
        await ShellAsync("""rm -rf "$1" """, Repositories); // also entries whose names .NET cannot represent
        await _registry.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_load_and_a_sync_of_a_storage_with_unexpected_files_index_the_rest_and_lose_nothing()
    {
        (await RegistryIndexProcess.RunAsync(["load", .. Index])).ExitCode.Should().Be(0);
        var before = await ExportAsync();
        await SpoilAsync();
        await _images.ImageAsync("new/app", "latest", [(Description, "pushed since")]);
        foreach (var command in (string[][])[["sync"], ["sync", "--force"], ["load"], ["sync", "--dry-run"]])
        {
            var done = await RegistryIndexProcess.RunAsync([.. command, .. Index]);
            done.ExitCode.Should().Be(1);
            ExpectAll(done.Stderr);
            done.Stderr.Should().Contain($"8 repositories could not be read completely; the warnings above say which, and why.");
            var after = await ExportAsync();
            after.Should().HaveCount(before.Length + 1).And.Contain(before).And.ContainSingle(row => row.StartsWith("""{"name":"new/app","description":"pushed since",""", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_server_loads_the_rest_reports_what_it_skipped_and_answers()
    {
        await SpoilAsync();
        await using var server = await RegistryIndexProcess.ServeAsync(Index);
        await server.WaitForAsync("0 refused, 8 not read completely");
        ExpectAll(server.Log);
        using var http = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        (await http.GetStringAsync("/v1/search?q=last", TestContext.Current.CancellationToken)).Should().Contain("about z/last");
        (await server.StopAsync()).Should().Be(0);
    }

    // Creates eight strange entries.
    private async Task SpoilAsync()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_directory.Path, "outside")).FullName;
        await ShellAsync(
            """
            set -e; cd "$1"
            rm fifo/app/_manifests/tags/latest/current/link; mkfifo fifo/app/_manifests/tags/latest/current/link
            mv link/app/_manifests/tags "$2"/; ln -s "$2"/tags link/app/_manifests/tags
            mv linked "$2"/; ln -s "$2"/linked linked
            rm -r loop/app; ln -s ../loop loop/app
            rm -r nowhere/app; ln -s /nowhere/at/all nowhere/app
            rm -r plain/app/_manifests/tags; echo text > plain/app/_manifests/tags
            mkdir -p $'z/caf\xe9/_manifests/tags/latest/current'
            mkdir -p $'esc\e[31m\u202e'/_manifests; mkfifo $'esc\e[31m\u202e'/_manifests/tags
            """,
            Repositories, outside);
    }

    private static void ExpectAll(string said)
    {
        foreach (var (name, problem) in (IEnumerable<(string, string)>)[
            ("fifo/app", "it is not a file but a FIFO or a device"), ("link/app", "a link leads out of the storage, and is not followed"), ("linked", "a link leads out of the storage, and is not followed"),
            ("loop/app", "it is a link that forms a loop, and is not followed"), ("nowhere/app", "it is a link whose target does not exist"), ("plain/app", "it is not a directory"),
            ("z/caf\ufffd", "its name is not UTF-8"), (@"esc\u001b[31m\u202e", "it is not a directory")])
        {
            said.Split('\n').Should().Contain(line => line.Contains($" {name}: ", StringComparison.Ordinal) && line.Contains($"cannot be read ({problem})", StringComparison.Ordinal), "it says {0}", said);
        }

        said.Should().NotContain("   at ").And.NotContain("\e").And.NotContain("\u202e");
    }

    private async Task<string[]> ExportAsync() =>
        (await RegistryIndexProcess.RunAsync("export", "--database", $"sqlite:///{_directory.Path}/index.db")).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task ShellAsync(string script, params string[] arguments)
    {
        var done = await ProcessRunner.RunAsync("bash", ["-c", script, "bash", .. arguments], TestContext.Current.CancellationToken);
        done.ExitCode.Should().Be(0, done.Stderr);
    }
}
