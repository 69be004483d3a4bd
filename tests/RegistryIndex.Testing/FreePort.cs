using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Testing;

/// <summary>Finds ports for programs that cannot take a free port on their own.</summary>
public static class FreePort
{
    // Below the ports that systems assign to clients, and to servers that ask for any port, so that none of them gets it meanwhile.
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
                // The port is taken.
            }
        }
    }
}
