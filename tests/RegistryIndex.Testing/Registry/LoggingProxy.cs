using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RegistryIndex.Testing.Registry;

/// <summary>A forward proxy (RFC 9112) that records everything it can see: whole requests without TLS, and the targets of tunnels.</summary>
public sealed class LoggingProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly Task _loop;

    /// <param name="target">The host and port to which it forwards every request.</param>
    /// <param name="login">The login that it requires, as <c>user:password</c>. Null for none.</param>
    /// <param name="address">The address on which it listens.</param>
    public LoggingProxy(string target, string? login = null, string address = "127.0.0.3")
    {
        _listener = new(IPAddress.Parse(address), 0);
        _listener.Start();
        _loop = RunAsync(IPEndPoint.Parse(target), login is null ? null : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}");
    }

    /// <summary>Host and port.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>The head of every request.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(IPEndPoint target, string? login)
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), target, login);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is ending.
        }
    }

    private async Task ServeAsync(TcpClient client, IPEndPoint target, string? login)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                var near = client.GetStream();
                while (await ReadHeadAsync(near) is { Length: > 0 } head)
                {
                    _requests.Enqueue(head);
                    if (login is not null && !head.Contains($"Proxy-Authorization: {login}\r\n", StringComparison.OrdinalIgnoreCase))
                    {
                        await near.WriteAsync("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                        continue;
                    }

                    await server.ConnectAsync(target, _stop.Token);
                    var far = server.GetStream();
                    if (head.StartsWith("CONNECT ", StringComparison.Ordinal))
                        await near.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token);
                    else
                        await far.WriteAsync(Encoding.Latin1.GetBytes(head.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)), _stop.Token);
                    var away = near.CopyToAsync(far, _stop.Token);
                    await Task.WhenAny(away, far.CopyToAsync(near, _stop.Token));
                    return;
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // One of the two sides closed its connection.
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(next, _stop.Token) > 0)
            head.Append((char)next[0]);
        return head.ToString();
    }
}
