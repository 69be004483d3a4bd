using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Testing;

/// <summary>For programs that cannot take a free port by themselves.</summary>
public static class FreePort
{
    // Below the ports that systems hand out to clients, and to servers that ask for any: none of them gets it meanwhile.
    private const int First = 10_000;
    private const int Last = 32_000;

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
