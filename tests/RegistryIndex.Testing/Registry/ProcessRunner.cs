using System.ComponentModel;
using System.Diagnostics;

namespace RegistryIndex.Testing.Registry;

/// <summary>The output of a program that has ended.</summary>
public sealed record ProcessResult(int ExitCode, string Stdout, string Stderr);

/// <summary>Runs programs without a shell, so that no argument needs quoting.</summary>
public static class ProcessRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">The program did not end within the limit of all tests and was killed.</exception>
    /// <exception cref="InvalidOperationException">The program does not exist.</exception>
    public static async Task<ProcessResult> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var process = Start(file, arguments);
        process.StandardInput.Close();
        return await process.ReadToEndAsync(Eventually.Limit, cancellationToken);
    }

    /// <summary>Waits until a process has ended, and with it all that have its output.</summary>
    /// <exception cref="TimeoutException">They did not end within the limit, and the process was killed with those that it has started.</exception>
    public static async Task<ProcessResult> ReadToEndAsync(this Process process, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        var stdout = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var stderr = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(end.Token);
            return new(process.ExitCode, await stdout.WaitAsync(end.Token), await stderr.WaitAsync(end.Token));
        }
        catch (OperationCanceledException error)
        {
            var what = process.HasExited ? "left a process that has its output" : "did not end";
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            var said = await Task.WhenAny(stderr, Task.Delay(TimeSpan.FromSeconds(10), CancellationToken.None)) == stderr ? await stderr : "";
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} {what}. {said}", error);
        }
    }

    /// <summary>Waits until a process has ended.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit of all tests.</exception>
    public static Task EndAsync(this Process process) => process.WaitForExitAsync(CancellationToken.None).WaitAsync(Eventually.Limit);

    /// <summary>Starts a program with all three streams redirected.</summary>
    internal static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("AWS_CA_BUNDLE"); // docker-registry fails if it is set
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"The tests need {file}, which could not be started: run ./test.sh once, it installs what they need.", error);
        }
    }
}
