using System.ComponentModel;
using System.Diagnostics;

namespace RegistryIndex.Testing.Registry;

/// <summary>What a program said before it ended.</summary>
public sealed record ProcessResult(int ExitCode, string Stdout, string Stderr);

/// <summary>Runs programs without a shell, so that no argument needs quoting.</summary>
public static class ProcessRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit of all tests and was killed.</exception>
    /// <exception cref="InvalidOperationException">There is no such program.</exception>
    public static async Task<ProcessResult> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var process = Start(file, arguments);
        process.StandardInput.Close();
        var stdout = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var stderr = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Eventually.Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException error)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{file} did not end: {await stderr}", error);
        }

        return new(process.ExitCode, await stdout, await stderr);
    }

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
        start.Environment.Remove("AWS_CA_BUNDLE"); // docker-registry panics on it
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
