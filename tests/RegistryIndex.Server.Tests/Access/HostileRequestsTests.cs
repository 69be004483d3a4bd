using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

public sealed class HostileRequestsTests(ITestOutputHelper output)
{
    private const int AtATime = 8;
    private const long AllowedGrowth = 64 << 20; // the variation of a garbage collector

    // 10,000 take some 20 seconds on two processors: REGISTRYINDEX_TEST_HOSTILE=10000.
    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_HOSTILE") ?? "2000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Random_requests_never_cause_a_failure_growth_or_an_outage()
    {
        using var directory = new TemporaryDirectory();
        var htpasswd = Path.Combine(directory.Path, "htpasswd");
        await File.WriteAllTextAsync(htpasswd, ProtectedServer.LineOf("reader", "password"));
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:password"));
        await using var server = await RegistryIndexProcess.ServeAsync(
            "--database", $"sqlite:///{directory.Path}/index.db", "--set", $"htpasswd={htpasswd}", "--set", $"events_secrets:0={ProtectedServer.Secret}");
        await server.WaitForAsync("Now listening on");
        using var client = new HttpClient();
        await Eventually.BeAsync(async () => (await client.GetAsync($"http://{server.Address}/readyz")).StatusCode == HttpStatusCode.OK);

        var statuses = new SortedDictionary<int, int>();
        // The first half fills the pools: buffers for as many requests as there are threads.
        await SendAsync(server, seed: 0, Requests / 2, login, statuses);
        var before = server.WorkingSet;
        await SendAsync(server, seed: 1, Requests / 2, login, statuses);
        output.WriteLine($"{string.Join(", ", statuses.Select(status => $"{status.Value} × {status.Key}"))}; {before >> 20} MiB, then {server.WorkingSet >> 20} MiB");

        statuses.Keys.Should().OnlyContain(status => status < 500 || status == 505, "0 is a closed connection, and 505 the status for an unknown version");
        statuses.Should().ContainKeys(200, 202, 400, 401, 413);
        server.WorkingSet.Should().BeLessThan(before + AllowedGrowth);
        client.DefaultRequestHeaders.Authorization = new("Basic", login);
        // The requests include well-formed events, which wait until it is quiet.
        await Eventually.BeAsync(async () => (await client.GetStringAsync($"http://{server.Address}/v1/search?q=team&n=1")).Contains("\"num_results\":1", StringComparison.Ordinal));
        server.Log.Should().NotContain("fail:").And.NotContain("crit:").And.NotContain("   at ");
    }

    private static async Task SendAsync(RegistryIndexProcess server, int seed, int count, string login, SortedDictionary<int, int> statuses)
    {
        var requests = new HostileRequests(seed, ProtectedServer.Secret, login);
        await Parallel.ForEachAsync(Enumerable.Range(0, count).Select(_ => requests.Next()), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (request, token) =>
        {
            var status = await SendAsync(server.Address, request, token);
            lock (statuses)
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
        });
    }

    private static async Task<int> SendAsync(string address, (byte[] Bytes, bool IsWhole) request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(address), cancellationToken);
            var sent = SendAsync(socket, request, cancellationToken);
            var answer = new byte[64];
            var read = 0;
            using var patience = new CancellationTokenSource(Eventually.Limit);
            for (int more; read < 12 && (more = await socket.ReceiveAsync(answer.AsMemory(read), patience.Token)) > 0;)
                read += more;
            socket.Close();
            await sent;
            return read >= 12 && answer.AsSpan().StartsWith("HTTP/"u8) ? int.Parse(Encoding.Latin1.GetString(answer, 9, 3), CultureInfo.InvariantCulture) : 0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    // The server may answer before it has read everything, and close the connection.
    private static async Task SendAsync(Socket socket, (byte[] Bytes, bool IsWhole) request, CancellationToken cancellationToken)
    {
        try
        {
            for (var rest = request.Bytes.AsMemory(); rest.Length > 0;)
                rest = rest[await socket.SendAsync(rest, cancellationToken)..];
            if (!request.IsWhole)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The answer gives the reason.
        }
    }
}
