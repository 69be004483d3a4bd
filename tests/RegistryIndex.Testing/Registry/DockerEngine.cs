using System.Diagnostics;

namespace RegistryIndex.Testing.Registry;

/// <summary>A real Docker engine on a socket of its own. Only root can start it. It ends with the test.</summary>
public sealed class DockerEngine : IAsyncDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly Process _process;
    private readonly Task<string> _log;

    private DockerEngine(bool withNetworks)
    {
        string[] engine = ["dockerd", "--storage-driver=vfs", "--data-root", PathOf("data"), "--exec-root", PathOf("exec"), "--pidfile", PathOf("pid"), "--host", Socket];
        _process = withNetworks
            ? ProcessRunner.Start("unshare", ["--net", "--mount", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", .. engine]) // where every port and network is free
            : ProcessRunner.Start(engine[0], [.. engine[1..], "--iptables=false", "--ip6tables=false", "--bridge=none"]);
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _log = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its address, for clients.</summary>
    public string Socket => $"unix://{PathOf("socket")}";

    /// <summary>Starts the engine, and waits until it answers.</summary>
    /// <param name="withNetworks">
    /// Whether containers have networks and published ports, in a network namespace of the engine's own. Without them containers can use the
    /// machine's network.
    /// </param>
    /// <exception cref="InvalidOperationException">The engine cannot run here. The message is its output.</exception>
    public static async Task<DockerEngine> StartAsync(bool withNetworks = false)
    {
        var engine = new DockerEngine(withNetworks);
        for (var start = Stopwatch.GetTimestamp(); (await engine.RunAsync("", "version")).ExitCode != 0; await Task.Delay(100))
        {
            if (!engine._process.HasExited && Stopwatch.GetElapsedTime(start) < Eventually.Limit)
                continue;
            await engine.DisposeAsync();
            throw new InvalidOperationException($"dockerd does not run here: {await engine._log}");
        }

        return engine;
    }

    /// <summary>Runs <c>docker</c> with a directory that contains its logins.</summary>
    public Task<ProcessResult> RunAsync(string logins, params string[] arguments) => ProcessRunner.RunAsync(
        "docker", ["--host", Socket, "--config", logins.Length > 0 ? logins : _home.Path, .. arguments]);

    /// <summary>Runs a program where the engine publishes ports.</summary>
    public Task<ProcessResult> RunBesideAsync(string program, params string[] arguments) => ProcessRunner.RunAsync("nsenter", ["--net", "-t", $"{_process.Id}", program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]); // so that it ends the containerd that it has started
            await kill.EndAsync();
            await _process.EndAsync();
        }

        await _log.WaitAsync(Eventually.Limit); // a container that it has left would have it open
        _process.Dispose();
        if (Path.Exists(PathOf("exec/netns/default"))) // a mount that remains after a container without a network
            await ProcessRunner.RunAsync("umount", [PathOf("exec/netns/default")]);
        _home.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_home.Path, name);
}
