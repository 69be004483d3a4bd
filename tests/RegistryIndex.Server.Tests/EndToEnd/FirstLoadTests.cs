using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The first load with real processes: who does it, and what a kill leaves.</summary>
public sealed partial class FirstLoadTests : IDisposable
{
    private const int Repositories = 2_500;
    private readonly TemporaryDirectory _directory = new();

    public FirstLoadTests()
    {
        // What the index looks for in distribution's tree, without layers: all tags point to one manifest.
        var manifest = new string('a', 64);
        Write($"docker/registry/v2/blobs/sha256/aa/{manifest}/data", """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}""");
        for (var i = 0; i < Repositories; i++)
            Write($"docker/registry/v2/repositories/team-{i % 10}/app-{i:d4}/_manifests/tags/latest/current/link", $"sha256:{manifest}");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Of_several_servers_started_at_once_one_loads()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RegistryIndexProcess.ServeAsync(Arguments())));
        try
        {
            await Task.WhenAny(servers.Select(server => server.WaitForAsync("Loaded: ")));
            var status = await RegistryIndexProcess.RunAsync(["status", .. Arguments()]);
            status.Stdout.Should().Contain($"repositories  {Repositories}").And.Contain("first load    done");
            foreach (var server in servers)
            {
                (await server.StopAsync()).Should().Be(0, "of {0}", server.Log);
                server.Log.Should().NotContain("fail:").And.NotContain("Exception");
            }

            servers.Count(server => server.Log.Contains("Loading the new index", StringComparison.Ordinal)).Should().Be(1);
            servers.SelectMany(server => Added().Matches(server.Log)).Sum(match => int.Parse(match.Groups[1].Value)).Should().Be(Repositories);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_load_that_was_killed_goes_on_at_the_next_start_where_it_was()
    {
        for (var isInTheMiddle = false; !isInTheMiddle;)
        {
            foreach (var file in Directory.GetFiles(_directory.Path, "index.db*"))
                File.Delete(file);
            await using var first = await RegistryIndexProcess.ServeAsync(Arguments());
            await first.WaitForAsync("1000 repositories loaded so far");
            await first.KillAsync();
            isInTheMiddle = !first.Log.Contains("Loaded: ", StringComparison.Ordinal); // else we heard of it too late
        }

        await using var second = await RegistryIndexProcess.ServeAsync(Arguments());
        await second.WaitForAsync("Loaded: ");
        second.Log.Should().Contain("Going on loading");
        int.Parse(Added().Match(second.Log).Groups[1].Value).Should().BeInRange(1, Repositories - 1_000);
        var status = await RegistryIndexProcess.RunAsync(["status", .. Arguments()]);
        status.Stdout.Should().Contain($"repositories  {Repositories}").And.Contain("first load    done");
    }

    [Fact]
    public async Task A_load_by_hand_that_was_killed_is_not_called_complete_and_the_server_does_the_rest()
    {
        var status = "";
        for (var isInTheMiddle = false; !isInTheMiddle;)
        {
            foreach (var file in Directory.GetFiles(_directory.Path, "index.db*"))
                File.Delete(file);
            await using var load = RegistryIndexProcess.Start(["load", .. Arguments()]);
            await Eventually.BeAsync(async () => (await RegistryIndexProcess.RunAsync(["export", .. Arguments()])).Stdout.Length > 0);
            await load.KillAsync();
            status = (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout;
            isInTheMiddle = !status.Contains($"repositories  {Repositories}", StringComparison.Ordinal); // else we heard of it too late
        }

        status.Should().Contain("first load    running");
        await using var server = await RegistryIndexProcess.ServeAsync([.. Arguments(), "--set", "sync_interval=0"]);
        await server.WaitForAsync("Loaded: ");
        status = (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout;
        status.Should().Contain($"repositories  {Repositories}").And.Contain("first load    done");
    }

    [Fact]
    public async Task An_index_that_holds_something_is_left_alone_and_load_adds_to_it()
    {
        await RegistryIndexProcess.RunWithInputAsync("team-0/app-0000\twritten by hand\nmine\t", ["import", "-", .. Arguments()]);
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("first load    not needed");
        await using (var server = await RegistryIndexProcess.ServeAsync([.. Arguments(), "--set", "sync_interval=0"]))
            await server.StopAsync();
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("repositories  2");

        var load = await RegistryIndexProcess.RunAsync(["load", .. Arguments()]);
        load.Stderr.Should().Contain($"{Repositories - 1:n0} added, 0 updated, 1 unchanged, 0 refused");
        (await RegistryIndexProcess.RunAsync(["search", "app-0000", .. Arguments()])).Stdout.Should().Be("team-0/app-0000\twritten by hand\n");
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("first load    done");
    }

    [Fact]
    public async Task A_directory_whose_path_is_longer_than_what_can_be_remembered_does_not_end_the_load()
    {
        // Of 1,500 bytes, which is six times as many characters where they are escaped; its name breaks the grammar, and the portion ends with it.
        var name = string.Join('/', Enumerable.Repeat(new string('é', 120), 6));
        Write($"docker/registry/v2/repositories/{name}/_manifests/tags/latest/current/link", $"sha256:{new string('a', 64)}");
        (await RegistryIndexProcess.RunWithInputAsync("", ["import", "-", .. Arguments()])).ExitCode.Should().Be(0);
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("first load    not begun");
        await using var server = await RegistryIndexProcess.ServeAsync(Arguments());
        await server.WaitForAsync("Loaded: ");
        server.Log.Should().Contain($"Loaded: {Repositories} added").And.Contain("1 refused").And.Contain("has 725 characters").And.NotContain("fail:");
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("first load    done");
        (await server.StopAsync()).Should().Be(0);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_directory.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private string[] Arguments() => ["--storage-path", _directory.Path, "--database", $"sqlite:///{_directory.Path}/index.db"];

    [GeneratedRegex(@"Loaded: (\d+) added")]
    private static partial Regex Added();
}
