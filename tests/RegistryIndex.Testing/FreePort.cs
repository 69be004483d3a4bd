using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Testing;

/// <summary>For programs that cannot take a free port by themselves.</summary>
public static class FreePort
{
    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
