using System.Diagnostics;

namespace RegistryIndex.Testing.Registry;

/// <summary>A real Docker engine on a socket of its own, without networks, started by root and ended with the test.</summary>
public sealed class DockerEngine : IAsyncDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly Process _process;
    private readonly Task<string> _log;

    private DockerEngine()
    {
        _process = ProcessRunner.Start(
            "dockerd",
            [
                "--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs", "--data-root", PathOf("data"), "--exec-root", PathOf("exec"),
                "--pidfile", PathOf("pid"), "--host", Socket,
            ]);
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _log = _process.StandardError.ReadToEndAsync();
    }

    private string Socket => $"unix://{PathOf("socket")}";

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It cannot run here; the message is what it said.</exception>
    public static async Task<DockerEngine> StartAsync()
    {
        var engine = new DockerEngine();
        for (var start = Stopwatch.GetTimestamp(); (await engine.RunAsync("", "version")).ExitCode != 0; await Task.Delay(100))
        {
            if (!engine._process.HasExited && Stopwatch.GetElapsedTime(start) < Eventually.Limit)
                continue;
            await engine.DisposeAsync();
            throw new InvalidOperationException($"dockerd does not run here: {await engine._log}");
        }

        return engine;
    }

    /// <summary>Runs <c>docker</c> with a directory of logins.</summary>
    public Task<ProcessResult> RunAsync(string logins, params string[] arguments) => ProcessRunner.RunAsync(
        "docker", ["--host", Socket, "--config", logins.Length > 0 ? logins : _home.Path, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]); // so that it ends the containerd that it started
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        await _log;
        _process.Dispose();
        _home.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_home.Path, name);
}
