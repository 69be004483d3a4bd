using System.Diagnostics;
using System.Globalization;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Testing.PostgreSql;

/// <summary>
/// A PostgreSQL server for a test, as Debian installs it: a new cluster in a temporary directory, on a free port of loopback. It ends
/// with this process, even if the process is killed.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> OfThisRun = new(() => StartAsync());
    private readonly string _programs;
    private readonly string _directory;
    private readonly string[] _settings;
    private readonly int _port = FreePort.Find();
    private Process? _process;

    private PostgreSqlServer(string programs, string directory, string[] settings) => (_programs, _directory, _settings) = (programs, directory, settings);

    /// <summary>Why it cannot be started. Null if it runs.</summary>
    public static string? WhyNot { get; } = FindPrograms() is null
        ? "PostgreSQL is not installed (Debian: apt-get install postgresql); the tests look for initdb on the path and below /usr/lib/postgresql."
        : OperatingSystem.IsWindows() ? "The PostgreSQL of the tests is started by a shell." : null;

    /// <summary>Whether a test without a server must fail instead of being skipped.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The user, who may do everything.</summary>
    public static string User => "registry";

    /// <summary>The user's password, with characters that must be escaped in a URL.</summary>
    public static string Password => "s3cret@/:?%";

    public string Host => "127.0.0.1";

    public int Port => _port;

    /// <summary>The URL of a database, as SQLAlchemy writes it. The database <c>postgres</c> exists.</summary>
    public string UrlOf(string database, string? user = null, string? password = null) =>
        $"postgresql+psycopg2://{Uri.EscapeDataString(user ?? User)}:{Uri.EscapeDataString(password ?? Password)}@{Host}:{_port.ToString(CultureInfo.InvariantCulture)}/{database}";

    /// <summary>A directory on a disk of 24 MB of the server's own, if it was requested.</summary>
    public string SmallDisk => Path.Combine(_directory, "small");

    /// <summary>The server that most tests of a run share.</summary>
    public static Task<PostgreSqlServer> GetAsync() => OfThisRun.Value;

    /// <summary>Starts a server for one test.</summary>
    /// <param name="withSmallDisk">Whether <see cref="SmallDisk"/> is needed, which requires root.</param>
    /// <param name="settings">Additional settings of the server, as <c>name=value</c>.</param>
    public static async Task<PostgreSqlServer> StartAsync(bool withSmallDisk = false, params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("registry-index-postgresql-").FullName;
        var server = new PostgreSqlServer(FindPrograms()!, directory, settings);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.End("-QUIT", removes: true);
        await File.WriteAllTextAsync(Path.Combine(directory, "password"), Password);
        await server.RunAsync(withSmallDisk, $"""
            chown -R $USER_OF_SERVER {directory}; chmod 711 {directory}
            $AS "{server._programs}/initdb" -D {directory}/data -U {User} --pwfile={directory}/password -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync >{directory}/log 2>&1 || exit 1
            """);
        return server;
    }

    /// <summary>Stops the server normally, or kills it as a crash of the machine would.</summary>
    public async Task StopAsync(bool kills = false)
    {
        var process = _process!;
        End(kills ? "-QUIT" : "-INT", removes: false);
        await process.EndAsync();
    }

    /// <summary>Suspends all of its processes (<c>STOP</c>), like a machine without free memory, or resumes them (<c>CONT</c>).</summary>
    public async Task SignalAllAsync(string signal)
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(_directory, "data", "postmaster.pid")))[0];
        var children = await ProcessRunner.RunAsync("pgrep", ["-P", postmaster]);
        await ProcessRunner.RunAsync("kill", [$"-{signal}", postmaster, .. children.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>Restarts the stopped or killed server on the same port and directory.</summary>
    public Task RestartAsync() => RunAsync(withSmallDisk: false, "");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            End("-QUIT", removes: true);
            await process.EndAsync();
        }

        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    // PostgreSQL does not run as root. The shell ends it when our end of its input closes, even if this process is killed.
    private async Task RunAsync(bool withSmallDisk, string prepare)
    {
        string[] settings = ["listen_addresses=127.0.0.1", $"port={_port.ToString(CultureInfo.InvariantCulture)}", "unix_socket_directories=", "fsync=off", "max_connections=200", .. _settings];
        var script = $"""
            USER_OF_SERVER=$(id -un); AS=
            if [ "$USER_OF_SERVER" = root ]; then USER_OF_SERVER=postgres; AS='setpriv --reuid=postgres --regid=postgres --clear-groups'; fi
            {(withSmallDisk ? $"mkdir {SmallDisk} && mount -t tmpfs -o size=24M tmpfs {SmallDisk} || exit 1" : "")}
            {prepare}
            $AS "{_programs}/postgres" -D {_directory}/data {string.Concat(settings.Select(setting => $" -c {setting}"))} >>{_directory}/log 2>&1 &
            server=$!
            echo started
            read -r signal removes
            kill ${"{signal:--QUIT}"} $server
            wait $server
            [ -n "$signal" -a -z "$removes" ] || rm -rf {_directory}
            """;
        _process = ProcessRunner.Start(withSmallDisk ? "unshare" : "/bin/sh", withSmallDisk ? ["-m", "/bin/sh", "-c", script] : ["-c", script]);
        if (await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit) != "started" || !await IsReadyAsync())
            throw new InvalidOperationException($"PostgreSQL did not start: {await ReadLogAsync()}");
    }

    private void End(string signal, bool removes)
    {
        if (_process is not { HasExited: false } process)
            return;
        try
        {
            process.StandardInput.WriteLine($"{signal} {(removes ? "removes" : "")}");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // the process has ended meanwhile
        }

        _process = null;
    }

    private async Task<bool> IsReadyAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Eventually.Limit && _process is { HasExited: false }; await Task.Delay(50))
        {
            var answer = await ProcessRunner.RunAsync($"{_programs}/pg_isready", ["-q", "-h", Host, "-p", _port.ToString(CultureInfo.InvariantCulture)]);
            if (answer.ExitCode == 0)
                return true;
        }

        return false;
    }

    private async Task<string> ReadLogAsync()
    {
        var log = Path.Combine(_directory, "log");
        return File.Exists(log) ? await File.ReadAllTextAsync(log) : await _process!.StandardError.ReadToEndAsync().WaitAsync(Eventually.Limit);
    }

    private static string? FindPrograms()
    {
        var debian = new DirectoryInfo("/usr/lib/postgresql");
        var folders = (debian.Exists ? debian.GetDirectories() : [])
            .OrderByDescending(version => double.TryParse(version.Name, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version.FullName, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
