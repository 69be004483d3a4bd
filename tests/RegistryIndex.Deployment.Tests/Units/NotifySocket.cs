using System.Net.Sockets;
using System.Text;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Units;

/// <summary>The socket on which systemd listens to a service of <c>Type=notify</c>.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifySocket() => _socket.Bind(new UnixDomainSocketEndPoint(Path));

    /// <summary>The value of <c>NOTIFY_SOCKET</c>.</summary>
    public string Path => System.IO.Path.Combine(_directory.Path, "notify");

    /// <summary>Whether a message waits to be received.</summary>
    public bool HasNews => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Receives the next message.</summary>
    public async Task<string> ReceiveAsync()
    {
        var buffer = new byte[4096];
        var length = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _directory.Dispose();
    }
}
