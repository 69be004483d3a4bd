using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RegistryIndex.Benchmarks.Http;

/// <summary>A server in a process of its own, and its HTTP client.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(string name, Process process, string address)
    {
        (Name, _process) = (name, process);
        Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false }) { BaseAddress = new(address), Timeout = TimeSpan.FromMinutes(5) };
        foreach (var written in new[] { process.StandardOutput, process.StandardError })
            _ = written.BaseStream.CopyToAsync(Stream.Null); // otherwise the process blocks when its pipe is full
    }

    public string Name { get; }

    public HttpClient Client { get; }

    /// <summary>The memory of the process, in MiB.</summary>
    public double WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Starts a server and waits until it logs its address, as ASP.NET Core does.</summary>
    public static async Task<ServerProcess> StartAsync(string name, string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ListeningOn().Match(line) is { Success: true } listening)
                return new(name, process, listening.Groups[1].Value);
        }

        await process.WaitForExitAsync();
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Waits until the server answers searches.</summary>
    public async Task ReadyAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            using var answer = await Client.GetAsync(new Uri("/readyz", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
                return;
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(5))
                throw new InvalidOperationException($"{Name} is not ready after five minutes.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();
}
