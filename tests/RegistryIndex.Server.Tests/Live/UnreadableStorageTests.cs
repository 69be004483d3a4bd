using System.Text.Json.Nodes;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>The storage of a real registry, parts of which the index's user may not read.</summary>
public sealed class UnreadableStorageTests : IAsyncLifetime
{
    private const int Hidden = 8; // more than a re-sync removes without force

    private static readonly string[] Closed = ["closed", "half/deep", "link/app/_manifests", "tags/app/_manifests/tags"];
    private static readonly string[] HiddenNames = [.. Enumerable.Range(0, Hidden).Select(i => $"closed/app-{i}"), "half/deep/web", "link/app", "tags/app"];
    private static readonly string[] OpenNames = ["a/first", "half/open", "link/web", "z/last"];

    private readonly TemporaryDirectory _directory = new();
    private DockerRegistry _registry = null!;

    private string Repositories => Path.Combine(_registry.RootDirectory, "docker/registry/v2/repositories");

    private string[] Index => ["--storage-path", _registry.RootDirectory, "--database", $"sqlite:///{_directory.Path}/index.db"];

    // The index runs as another user, because root may read everything. If root does not run the test, no user may read the closed parts.
    private string[] Environment => System.Environment.IsPrivilegedProcess
        ? [$"HOME={_directory.Path}", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        : [$"HOME={_directory.Path}"];

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        using var images = new HandMadeImages(_registry.Address);
        foreach (var name in (string[])[.. HiddenNames, .. OpenNames, "z/old"])
            await images.ImageAsync(name, "latest", [(Description, $"about {name}")]);
        await ShellAsync("""chmod a+rx "$2" "$2/.."; chmod a+rwx "$1" """, _directory.Path, _registry.RootDirectory);
    }

    public async ValueTask DisposeAsync()
    {
        await OpenAsync();
        await _registry.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Readable_repositories_are_loaded_unreadable_ones_reported_and_the_load_is_not_complete()
    {
        await CloseAsync();
        foreach (var command in (string[])["sync", "load", "sync"])
        {
            var done = await RunAsync(command);
            done.ExitCode.Should().Be(1, done.Stderr);
            ExpectAll(done.Stderr);
            done.Stderr.Should().Contain($"{Closed.Length} repositories could not be read completely; the warnings above say which, and why.");
            (await ExportAsync()).Should().BeEquivalentTo([.. OpenNames, "z/old"]);
            var status = JsonNode.Parse((await RunAsync("status", "--json")).Stdout)!;
            status["first_load"]!.GetValue<string>().Should().Be("incomplete");
            status["problem"]!.GetValue<string>().Should().StartWith("The last complete reading could not read 4 repositories or directories,").And.Contain($"'{Repositories}/closed'");
        }

        await OpenAsync();
        (await RunAsync("load")).ExitCode.Should().Be(0);
        (await ExportAsync()).Should().BeEquivalentTo([.. OpenNames, .. HiddenNames, "z/old"]);
        (await RunAsync("status")).Stdout.Should().Contain("first load    done").And.NotContain("problem");
    }

    [Fact]
    public async Task Unreadable_repositories_stay_and_deleted_ones_are_removed()
    {
        (await RunAsync("load")).ExitCode.Should().Be(0);
        await CloseAsync();
        await ShellAsync("""rm -r "$1"/z/old""", Repositories);
        foreach (var (option, removed) in ((string[], int)[])[(["--dry-run"], 1), ([], 1), (["--force"], 0)])
        {
            var done = await RunAsync(["sync", .. option]);
            done.ExitCode.Should().Be(1);
            ExpectAll(done.Stderr);
            done.Stderr.Should().Contain($"{removed} removed").And.Contain("0 withheld");
        }

        (await ExportAsync()).Should().BeEquivalentTo([.. OpenNames, .. HiddenNames]);
    }

    [Fact]
    public async Task A_server_loads_readable_repositories_and_reports_the_others_until_they_are_read()
    {
        await CloseAsync();
        await using var server = await RegistryIndexProcess.ServeInEnvironmentAsync(Environment, Index);
        using var http = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        JsonNode ready = null!;
        await WaitAsync(answer => (ready = answer)["first_load"]!.GetValue<string>() is not ("running" or "none"));
        ready["first_load"]!.GetValue<string>().Should().Be("incomplete");
        ready["following"]!["problem"]!.GetValue<string>().Should().StartWith("The last complete reading could not read 4 repositories or directories,").And.Contain($"'{Repositories}/closed'");
        ready["following"]!["unread"]!.GetValue<long>().Should().Be(4);
        ExpectAll(server.Log);
        (await ExportAsync()).Should().BeEquivalentTo([.. OpenNames, "z/old"]);

        await OpenAsync();
        (await RunAsync("load")).ExitCode.Should().Be(0);
        await WaitAsync(answer => answer["first_load"]!.GetValue<string>() == "done" && answer["following"]!["problem"] is null);
        (await server.StopAsync()).Should().Be(0);

        Task WaitAsync(Func<JsonNode, bool> says) => Eventually.BeAsync(
            async () =>
            {
                using var answer = await http.GetAsync("/readyz");
                return answer.IsSuccessStatusCode && says(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
            },
            () => server.Log);
    }

    private void ExpectAll(string said)
    {
        foreach (var place in Closed)
        {
            var (name, file) = (place.Split("/_manifests")[0], place.EndsWith("_manifests", StringComparison.Ordinal) ? $"{place}/tags" : place);
            said.Split('\n').Should().Contain(line => line.Contains($" {name}: The directory '{Repositories}/{file}' of the registry's storage cannot be read (", StringComparison.Ordinal) && line.Contains("the server's user may read it.", StringComparison.Ordinal), "it says {0}", said);
        }

        said.Should().NotContain("   at ");
    }

    private Task CloseAsync() => ShellAsync("""cd "$1"; shift; chmod 0 "$@" """, [Repositories, .. Closed]);

    private Task OpenAsync() => ShellAsync("""cd "$1"; shift; for d in "$@"; do chmod 755 "$d"; done""", [Repositories, .. Closed]);

    private Task<ProcessResult> RunAsync(params string[] command) => RegistryIndexProcess.RunInEnvironmentAsync(Environment, [.. command, .. Index]);

    private async Task<string[]> ExportAsync() =>
        [.. (await RunAsync("export", "-f", "tsv")).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];

    private static async Task ShellAsync(string script, params string[] arguments)
    {
        var done = await ProcessRunner.RunAsync("bash", ["-c", script, "bash", .. arguments], TestContext.Current.CancellationToken);
        done.ExitCode.Should().Be(0, done.Stderr);
    }
}
