using System.Diagnostics;
using System.Globalization;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Testing.S3;

/// <summary>An S3 server for all tests of a run: tests/s3-server.mjs starts it, and it ends with this process.</summary>
public sealed class S3Server
{
    private static readonly Lazy<Task<S3Server>> OfThisRun = new(StartAsync);

    private S3Server(string? endpoint, string? whyNot) => (Endpoint, WhyNot) = (endpoint, whyNot);

    /// <summary>Its address, such as <c>http://127.0.0.1:4566</c>. Null if it cannot be started.</summary>
    public string? Endpoint { get; }

    /// <summary>Why it cannot be started: a reason to skip on a developer's machine, and to fail where tests must run.</summary>
    public string? WhyNot { get; }

    /// <summary>Whether a test without a server must fail instead of being skipped.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The server of this run.</summary>
    public static Task<S3Server> GetAsync() => OfThisRun.Value;

    private static async Task<S3Server> StartAsync()
    {
        if (!Directory.Exists(Checkout.PathOf("tests", "node_modules", "fauxqs")))
            return new(null, "The S3 server of the tests is not installed: run 'npm ci --prefix tests --ignore-scripts'.");
        Process process;
        try
        {
            process = ProcessRunner.Start("node", [Checkout.PathOf("tests", "s3-server.mjs")]);
        }
        catch (InvalidOperationException)
        {
            return new(null, "The S3 server of the tests needs 'node', 20.6 or newer, on the path.");
        }

        // Kept alive as long as this process. If it were collected, the server's input would be closed.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);
        return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new($"http://127.0.0.1:{port}", null)
            : new(null, $"The S3 server of the tests, for which Node 20.6 or newer is needed, did not start: {await errors.WaitAsync(Eventually.Limit)}");
    }
}
