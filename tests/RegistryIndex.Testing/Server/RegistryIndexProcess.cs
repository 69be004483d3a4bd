using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Testing.Server;

/// <summary>The real executable <c>registry-index</c> in a process of its own.</summary>
public sealed partial class RegistryIndexProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private RegistryIndexProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Host and port, as clients write them.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Its standard input, if it was started with one.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>How much memory it has, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Whether it runs no more.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<ProcessResult> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    /// <summary>Runs a command to its end with a text on its standard input.</summary>
    public static async Task<ProcessResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var process = StartProcess(arguments);
        var result = process.ReadToEndAsync(Eventually.Limit);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has ended without reading all of it. Its exit code says why.
        }

        return await result;
    }

    /// <summary>Runs a command to its end with environment variables in addition to those of this process.</summary>
    public static Task<ProcessResult> RunInEnvironmentAsync(IEnumerable<string> environment, params string[] arguments) =>
        ProcessRunner.RunAsync("env", [.. environment, "dotnet", Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), .. arguments]);

    /// <summary>Starts a command that runs until it is killed or ends.</summary>
    public static RegistryIndexProcess Start(params string[] arguments)
    {
        var process = StartProcess(arguments);
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Starts a command that reads its standard input and runs until it is killed or ends.</summary>
    public static RegistryIndexProcess StartWithInput(params string[] arguments) => new(StartProcess(arguments));

    /// <summary>Starts a command whose standard output is a file, such as a named pipe.</summary>
    public static RegistryIndexProcess StartInto(string file, params string[] arguments)
    {
        var process = ProcessRunner.Start("sh", ["-c", "exec \"$@\" > \"$0\"", file, .. CommandOf(arguments)]);
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>The number of bytes that it has written to files and pipes.</summary>
    public async Task<long> CountWrittenAsync() =>
        long.Parse((await File.ReadAllLinesAsync($"/proc/{_process.Id}/io")).Single(line => line.StartsWith("wchar: ", StringComparison.Ordinal))["wchar: ".Length..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Starts the server on a free loopback port and waits until it listens.</summary>
    public static Task<RegistryIndexProcess> ServeAsync(params string[] arguments) => ServeAtAsync("http://127.0.0.1:0", arguments);

    /// <summary>Starts the server on a free loopback port, with additional environment variables, and waits until it listens.</summary>
    public static Task<RegistryIndexProcess> ServeInEnvironmentAsync(IEnumerable<string> environment, params string[] arguments)
    {
        var process = ProcessRunner.Start("env", [.. environment, "dotnet", Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), "serve", "--urls", "http://127.0.0.1:0", .. arguments]);
        process.StandardInput.Close();
        return ListeningAsync(new(process));
    }

    /// <summary>Starts a published server on a free loopback port, with additional environment variables, and waits until it listens.</summary>
    public static Task<RegistryIndexProcess> ServePublishedAsync(string program, IEnumerable<string> environment, params string[] arguments) =>
        ServeProgramAsync("env", [.. environment, program, "serve", "--urls", "http://127.0.0.1:0", .. arguments]);

    /// <summary>Starts a server by another program, whose process becomes the server's, and waits until it listens.</summary>
    public static Task<RegistryIndexProcess> ServeProgramAsync(string program, IEnumerable<string> arguments)
    {
        var process = ProcessRunner.Start(program, arguments);
        process.StandardInput.Close();
        return ListeningAsync(new(process));
    }

    /// <summary>Starts the server at an address and waits until it listens.</summary>
    public static Task<RegistryIndexProcess> ServeAtAsync(string url, params string[] arguments) => ListeningAsync(Start(["serve", "--urls", url, .. arguments]));

    /// <summary>Starts the server on a free loopback port with the script of the checkout, and waits until it listens.</summary>
    public static Task<RegistryIndexProcess> ServeByScriptAsync(string script)
    {
        var process = ProcessRunner.Start(script, ["--urls", "http://127.0.0.1:0"]);
        process.StandardInput.Close();
        return ListeningAsync(new(process));
    }

    private static async Task<RegistryIndexProcess> ListeningAsync(RegistryIndexProcess server)
    {
        await server.WaitForAsync("Now listening on");
        server.Address = ListeningOn().Match(server.Log).Groups[1].Value;
        return server;
    }

    /// <summary>Waits until it has written a text.</summary>
    public async Task WaitForAsync(string text)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_log)
        {
            if (_log.ToString().Contains(text, StringComparison.Ordinal))
                return;
            _awaited.Add((text, seen));
        }

        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(seen.Task, ended, Task.Delay(Eventually.Limit)) != seen.Task && !Log.Contains(text, StringComparison.Ordinal))
            throw new InvalidOperationException($"registry-index never said '{text}' but: {Log}");
    }

    /// <summary>Waits for an effect of the process.</summary>
    /// <exception cref="InvalidOperationException">The process has ended without the effect.</exception>
    public async Task WaitForAsync(Task comes)
    {
        if (await Task.WhenAny(comes, _process.WaitForExitAsync()).WaitAsync(Eventually.Limit) != comes)
            throw new InvalidOperationException($"registry-index ended before: {Log}");
    }

    /// <summary>Waits until it has loaded a file, such as an assembly, which shows its progress before it writes any output.</summary>
    public async Task WaitUntilLoadedAsync(string file)
    {
        await Eventually.BeAsync(() => HasLoadedAsync(file), () => $"it never loaded {file} but said {Log}");
    }

    /// <summary>Whether it has loaded a file, such as an assembly.</summary>
    public async Task<bool> HasLoadedAsync(string file) => (await File.ReadAllTextAsync($"/proc/{_process.Id}/maps")).Contains(file, StringComparison.Ordinal);

    /// <summary>Kills it, as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.EndAsync();
    }

    /// <summary>Waits until it ends on its own.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.EndAsync();
        return _process.ExitCode;
    }

    /// <summary>Sends a signal to end it, like an init system or Ctrl-C (<c>INT</c>), and waits until it has ended.</summary>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        await SignalAsync(signal);
        return await WaitForExitAsync();
    }

    /// <summary>Sends a signal.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static Process StartProcess(string[] arguments) => ProcessRunner.Start("dotnet", CommandOf(arguments)[1..]);

    private static string[] CommandOf(string[] arguments) => ["dotnet", Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), .. arguments];

    private void Read(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
            foreach (var (text, seen) in _awaited)
            {
                if (line?.Contains(text, StringComparison.Ordinal) == true)
                    seen.TrySetResult();
            }
        }
    }

    [GeneratedRegex("Now listening on: https?://([^\\s\"]+)")]
    private static partial Regex ListeningOn();
}
