using System.Diagnostics;
using System.Net.Sockets;

namespace RegistryIndex.Testing.Registry;

/// <summary>A real nginx with one server configuration. It ends with the test.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly Process _process;

    private Nginx(string server)
    {
        var file = Path.Combine(_home.Path, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            master_process off;
            pid {{_home.Path}}/nginx.pid;
            error_log stderr warn;
            events { }
            http {
            access_log off;
            client_body_temp_path {{_home.Path}}/body;
            proxy_temp_path {{_home.Path}}/proxy;
            fastcgi_temp_path {{_home.Path}}/fastcgi;
            uwsgi_temp_path {{_home.Path}}/uwsgi;
            scgi_temp_path {{_home.Path}}/scgi;
            {{server}}
            }
            """);
        _process = ProcessRunner.Start("nginx", ["-c", file, "-e", "stderr"]);
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts nginx, and waits until it listens on a port of this machine.</summary>
    public static async Task<Nginx> StartAsync(string server, int port)
    {
        var nginx = new Nginx(server);
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                return nginx;
            }
            catch (SocketException) when (!nginx._process.HasExited && Stopwatch.GetElapsedTime(start) < Eventually.Limit)
            {
                // It does not listen yet.
            }
            catch
            {
                await nginx.DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.EndAsync();
        _process.Dispose();
        _home.Dispose();
    }
}
