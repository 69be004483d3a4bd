using System.Net.Sockets;
using System.Text;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>Bodies that the server does not read to the end. The answer arrives even at a client that sends everything before it reads.</summary>
public sealed class LargeBodyTests
{
    private const int Size = 8 << 20; // more than the buffers of a connection can hold

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/events", "HTTP/1.1 413")]
    [InlineData("/v1/search", "HTTP/1.1 405")]
    [InlineData("/nowhere", "HTTP/1.1 404")]
    public async Task A_client_can_send_the_whole_body_before_it_reads_the_refusal(string path, string status) => (await PostAsync(path, isChunked: false)).Should().StartWith(status);

    [Theory]
    [InlineData("/events", "HTTP/1.1 413")]
    [InlineData("/v1/search", "HTTP/1.1 405")]
    public async Task A_client_can_send_a_whole_body_of_unknown_length_before_it_reads_the_refusal(string path, string status) => (await PostAsync(path, isChunked: true)).Should().StartWith(status);

    [Fact]
    public async Task A_client_with_a_wrong_secret_that_keeps_sending_receives_the_refusal()
    {
        await using var server = await RunningServer.StartAsync(("events_secrets", "a-secret-of-sixteen-letters"));
        (await PostAsync(server, "/events", isChunked: false)).Should().StartWith("HTTP/1.1 401");
    }

    private static async Task<string> PostAsync(string path, bool isChunked)
    {
        await using var server = await RunningServer.StartAsync();
        return await PostAsync(server, path, isChunked);
    }

    private static async Task<string> PostAsync(RunningServer server, string path, bool isChunked)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port, Stop);
        var stream = client.GetStream();
        var length = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Size}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{length}\r\n\r\n"), Stop);
        var part = Encoding.ASCII.GetBytes(new string(' ', 64 << 10));
        for (var sent = 0; sent < Size; sent += part.Length)
        {
            if (isChunked)
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), Stop);
            await stream.WriteAsync(part, Stop);
            if (isChunked)
                await stream.WriteAsync("\r\n"u8.ToArray(), Stop);
        }

        if (isChunked)
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), Stop);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Stop);
    }
}
