using System.Text;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>Malformed and hostile requests, as bytes.</summary>
internal sealed class HostileRequests(int seed, string secret, string login)
{
    private static readonly string[] Paths = ["/events", "/v1/search", "/v2/_catalog", "/v2/", "/v1/_ping", "/readyz", "/healthz", "/"];
    private readonly Random _random = new(seed);

    /// <summary>The bytes, and whether the request is complete and gets an answer. Otherwise the client closes the connection.</summary>
    public (byte[] Bytes, bool IsWhole) Next()
    {
        var kind = _random.Next(16);
        return (Make(kind), kind is not (0 or 6 or 7));
    }

    private byte[] Make(int kind) => kind switch
    {
        0 => Noise(_random.Next(1, 4_000)),
        1 => Text($"{Word(_random.Next(1, 40))} {Word(_random.Next(1, 60))} {Word(8)}\r\n\r\n"),
        2 => Text($"GET /{Word(_random.Next(8_000, 40_000))} HTTP/1.1\r\nHost: x\r\n\r\n"),
        3 => Text($"GET {Path()} HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, _random.Next(50, 400)).Select(i => $"X-{i}: {Word(200)}\r\n"))}\r\n"),
        4 => Get($"/v1/search?q={Escapes()}&n={Number()}&page={Number()}&continuation={Escapes()}"),
        5 => Get($"/v2/_catalog?n={Number()}&last={Escapes()}"),
        6 => Text($"POST /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Length: {Number()}\r\n\r\n{Word(100)}"),
        7 => Text($"POST /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nTransfer-Encoding: chunked\r\n\r\n{Word(3)}\r\n{Word(50)}"),
        8 => Text($"GET {Path()} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {Word(_random.Next(0, 3_000))}\r\nConnection: close\r\n\r\n"),
        9 => Text($"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{Word(20)}"),
        10 => Text($"{(_random.Next(2) == 0 ? "TRACE" : "DELETE")} {Path()} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\nConnection: close\r\n\r\n"),
        11 => Post(Noise(_random.Next(0, 5_000))),
        12 => Post(Text(new string('[', _random.Next(1, 200_000)))),
        13 => Post(new byte[_random.Next(1 << 19, 2 << 20)]),
        _ => Post(Text(Envelope())),
    };

    private string Envelope()
    {
        var text = $$"""{"events":[{{string.Join(',', Enumerable.Range(0, _random.Next(5)).Select(_ => Event()))}}]}""";
        return _random.Next(4) == 0 ? text[..(_random.Next(text.Length) + 1)] : text;
    }

    private string Event() => _random.Next(8) switch
    {
        0 => "null",
        1 => "{\"\\ud83d\":1}",
        2 => """{"action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"\ud83d"}}""",
        3 => $$$"""{"action":"push","target":{"tag":"latest","repository":"../../{{{Word(300).Replace('"', 'x').Replace('\\', 'x')}}}"}}""",
        4 => """{"action":7,"target":[[]]}""",
        5 => """{"action":"delete","target":{"repository":["a"],"digest":{}}}""",
        6 => $$$"""{"action":"push","target":{"tag":"x","repository":"team/{{{_random.Next(1_000_000)}}}"}}""",
        _ => """{"action":"explode","target":{"repository":"team/app","\u0000":"\u0000"}}""",
    };

    private byte[] Post(byte[] body) =>
        [.. Text($"POST /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/vnd.docker.distribution.events.v1+json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    private byte[] Get(string target) => Text($"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\nConnection: close\r\n\r\n");

    private string Path() => Paths[_random.Next(Paths.Length)];

    private string Number() => _random.Next(6) switch
    {
        0 => "-1",
        1 => "99999999999999999999",
        2 => "0x10",
        3 => "NaN",
        4 => "%00",
        _ => $"{_random.Next()}",
    };

    private string Escapes() => string.Concat(Enumerable.Range(0, _random.Next(120)).Select(_ => _random.Next(4) == 0 ? "%ud83d" : $"%{_random.Next(256):x2}"));

    private string Word(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)_random.Next(33, 127)));

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
