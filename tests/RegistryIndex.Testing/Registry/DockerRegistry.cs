using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace RegistryIndex.Testing.Registry;

/// <summary>A real registry (distribution) on a free loopback port. Deletes are enabled.</summary>
public sealed partial class DockerRegistry : IAsyncDisposable
{
    private readonly TemporaryDirectory _home;
    private readonly StringBuilder _log = new();
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DockerRegistry(TemporaryDirectory home, string rootDirectory, string configuration)
    {
        (_home, RootDirectory) = (home, rootDirectory);
        var file = Path.Combine(home.Path, "config.yml");
        File.WriteAllText(file, configuration);
        _process = ProcessRunner.Start("docker-registry", ["serve", file]);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"docker-registry ended: {Log}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Host and port, as clients write them in front of a repository's name.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The directory of its storage, which its configuration calls rootdirectory.</summary>
    public string RootDirectory { get; }

    /// <summary>Its log so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts a registry and waits until it answers.</summary>
    /// <param name="extraConfiguration">More top-level keys of its configuration, such as <c>notifications:</c>, in YAML.</param>
    /// <param name="rootDirectory">The directory of its storage, which is kept. Null for a new directory that is deleted with the registry.</param>
    /// <param name="driver">Another storage driver, as one line of YAML.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<DockerRegistry> StartAsync(string extraConfiguration = "", string? rootDirectory = null, string? driver = null, CancellationToken cancellationToken = default)
    {
        var home = new TemporaryDirectory();
        rootDirectory ??= Directory.CreateDirectory(Path.Combine(home.Path, "root")).FullName;
        return await StartAsync(home, rootDirectory, $"""
            version: 0.1
            storage:
              {driver ?? $"filesystem: {{ rootdirectory: {rootDirectory} }}"}
              delete:
                enabled: true
              maintenance:
                uploadpurging:
                  enabled: false
            http:
              addr: 127.0.0.1:0
            {extraConfiguration}
            """, cancellationToken);
    }

    /// <summary>Starts a registry with a whole configuration, which contains an address of this machine and the storage.</summary>
    public static Task<DockerRegistry> StartConfiguredAsync(string configuration, string rootDirectory, CancellationToken cancellationToken = default) =>
        StartAsync(new TemporaryDirectory(), rootDirectory, configuration, cancellationToken);

    private static async Task<DockerRegistry> StartAsync(TemporaryDirectory home, string rootDirectory, string configuration, CancellationToken cancellationToken)
    {
        var registry = new DockerRegistry(home, rootDirectory, configuration);
        try
        {
            registry.Address = await registry._listening.Task.WaitAsync(Eventually.Limit, cancellationToken);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Eventually.Limit };
            using var answer = await http.GetAsync(new Uri($"http://{registry.Address}/v2/"), cancellationToken);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(); // has no effect if the process has ended
        await _process.EndAsync();
        _process.Dispose();
        _home.Dispose();
    }

    // The registry takes a free port and logs it.
    private void Read(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
        if (line is not null && ListeningOn().Match(line) is { Success: true } match)
            _listening.TrySetResult(match.Groups["address"].Value);
    }

    [GeneratedRegex("""listening on (?<address>127\.0\.0\.1:\d+)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListeningOn();
}
