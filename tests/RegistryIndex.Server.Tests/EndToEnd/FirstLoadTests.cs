using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The first load with real processes: which process runs it, and the state after a kill.</summary>
public sealed partial class FirstLoadTests : IDisposable
{
    private const int Repositories = 2_500;
    private readonly TemporaryDirectory _directory = new();

    public FirstLoadTests()
    {
        // The parts of distribution's tree that the index reads, without layers. All tags point to one manifest.
        var manifest = new string('a', 64);
        Write($"docker/registry/v2/blobs/sha256/aa/{manifest}/data", """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}""");
        for (var i = 0; i < Repositories; i++)
            Write($"docker/registry/v2/repositories/team-{i % 10}/app-{i:d4}/_manifests/tags/latest/current/link", $"sha256:{manifest}");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task One_of_several_servers_started_at_once_loads()
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
    public async Task A_killed_load_continues_from_its_position_at_the_next_start()
    {
        for (var isInTheMiddle = false; !isInTheMiddle;)
        {
            foreach (var file in Directory.GetFiles(_directory.Path, "index.db*"))
                File.Delete(file);
            await using var first = await RegistryIndexProcess.ServeAsync(Arguments());
            await first.WaitForAsync("1000 repositories loaded so far");
            await first.KillAsync();
            isInTheMiddle = !first.Log.Contains("Loaded: ", StringComparison.Ordinal); // otherwise we noticed it too late
        }

        await using var second = await RegistryIndexProcess.ServeAsync(Arguments());
        await second.WaitForAsync("Loaded: ");
        second.Log.Should().Contain("Continuing to load").And.NotContain("Another process is loading", "a process of this machine that has ended is not waited for");
        int.Parse(Added().Match(second.Log).Groups[1].Value).Should().BeInRange(1, Repositories - 1_000);
        var status = await RegistryIndexProcess.RunAsync(["status", .. Arguments()]);
        status.Stdout.Should().Contain($"repositories  {Repositories}").And.Contain("first load    done");
    }

    [Fact]
    public async Task After_a_load_killed_in_another_container_the_server_waits_and_logs_it()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root makes a namespace of process numbers.");
        for (var isInTheMiddle = false; !isInTheMiddle;)
        {
            foreach (var file in Directory.GetFiles(_directory.Path, "index.db*"))
                File.Delete(file);
            await using var first = await RegistryIndexProcess.ServeAsync(Arguments());
            await first.WaitForAsync("1000 repositories loaded so far");
            await first.KillAsync();
            isInTheMiddle = !first.Log.Contains("Loaded: ", StringComparison.Ordinal);
        }

        // Its number means another process there, or none.
        await using var second = await RegistryIndexProcess.ServeProgramAsync("unshare", ["--pid", "--fork", "--kill-child", "--mount-proc", "dotnet", Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), "serve", "--urls", "http://127.0.0.1:0", .. Arguments()]);
        await second.WaitForAsync("Another process is loading the new index, or was when it ended. If it does not renew its lease for 30 s, this process continues the load");
        await second.WaitForAsync("Continuing to load");
        await second.WaitForAsync("Loaded: ");
    }

    [Fact]
    public async Task A_killed_load_command_is_not_complete_and_the_server_loads_the_rest()
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
            isInTheMiddle = !status.Contains($"repositories  {Repositories}", StringComparison.Ordinal); // otherwise we noticed it too late
        }

        status.Should().Contain("first load    running");
        await using var server = await RegistryIndexProcess.ServeAsync([.. Arguments(), "--set", "sync_interval=0"]);
        await server.WaitForAsync("Loaded: ");
        status = (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout;
        status.Should().Contain($"repositories  {Repositories}").And.Contain("first load    done");
    }

    [Fact]
    public async Task An_index_with_content_gets_no_first_load_and_the_load_command_adds_to_it()
    {
        await RegistryIndexProcess.RunWithInputAsync("team-0/app-0000\twritten by hand\nmine\t", ["import", "-", .. Arguments()]);
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("first load    not needed");
        await using (var server = await RegistryIndexProcess.ServeAsync([.. Arguments(), "--set", "sync_interval=0"]))
            await server.StopAsync();
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("repositories  2");

        var load = await RegistryIndexProcess.RunAsync(["load", .. Arguments()]);
        load.Stderr.Should().Contain($"{Repositories - 1:n0} added, 1 updated, 0 unchanged, 0 refused", "an existing repository gets the facts of its image");
        (await RegistryIndexProcess.RunAsync(["search", "app-0000", .. Arguments()])).Stdout.Should().Be("team-0/app-0000\twritten by hand\n");
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("first load    done");
    }

    [Fact]
    public async Task A_directory_with_a_path_too_long_for_a_position_does_not_end_the_load()
    {
        // A name of 1,500 bytes, which has six times as many characters when it is escaped. The name is invalid, and the portion ends with it.
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
