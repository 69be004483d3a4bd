using System.Diagnostics;
using RegistryIndex.Deployment.Tests.Releases;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Units;

/// <summary>A machine that runs this machine's systemd with the unit, as <c>eng/systemd-machine.sh</c> boots it. It is gone with the test.</summary>
internal sealed class SystemdMachine : IAsyncDisposable
{
    private readonly TemporaryDirectory _work = new();
    private readonly Process _process;
    private readonly Task<string> _errors;
    private string _systemd = "";

    private SystemdMachine(Release release)
    {
        var start = new ProcessStartInfo(Checkout.PathOf("eng", "systemd-machine.sh"), [_work.Path, release.Unpacked]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Boots the machine, or skips the test if none can run here.</summary>
    public static async Task<SystemdMachine> BootAsync(Release release)
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/lib/systemd/systemd"), "Only root boots a systemd, where one is installed.");
        var machine = new SystemdMachine(release);
        await Eventually.BeAsync(async () => machine._process.HasExited || await machine.IsUpAsync());
        if (machine._process.HasExited)
        {
            var why = await machine._errors;
            await machine.DisposeAsync();
            Assert.Skip($"No systemd can be booted here: {why}");
        }

        return machine;
    }

    /// <summary>Runs a program in the machine.</summary>
    public Task<ProcessResult> TryAsync(params string[] command) => ProcessRunner.RunAsync("nsenter", ["-a", "-t", _systemd, .. command], TestContext.Current.CancellationToken);

    /// <summary>Runs a program in the machine.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="InvalidOperationException">Its exit code is not 0. The message has its output and the service's log.</exception>
    public async Task<string> RunAsync(params string[] command)
    {
        var result = await TryAsync(command);
        return result.ExitCode == 0 ? result.Stdout : throw new InvalidOperationException($"{string.Join(' ', command)} ended with exit code {result.ExitCode}: {result.Stdout}{result.Stderr}\n{await LogAsync()}");
    }

    /// <summary>The service's log.</summary>
    public async Task<string> LogAsync() => (await TryAsync("journalctl", "--no-pager", "-o", "cat", "-u", "registry-index")).Stdout;

    /// <summary>The code of the answer to a request in the machine.</summary>
    public async Task<string> AskAsync(params string[] request) => (await TryAsync(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", .. request])).Stdout;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(); // its child, the machine, ends with it
        await _process.EndAsync();
        _process.Dispose();
        _work.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        var child = (await ProcessRunner.RunAsync("pgrep", ["-P", $"{_process.Id}"])).Stdout.Trim();
        _systemd = child;
        return child.Length > 0 && (await TryAsync("systemctl", "is-active", "basic.target")).ExitCode == 0;
    }
}
