using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>What fail2ban finds in the log of the real server with the expression in the documents.</summary>
public sealed partial class FailedLoginLogTests
{
    private const string Sentence = "Login failed from 198.51.100.9 for user 'reader'";
    private const string Line = "h r[1]: BasicAuthentication[1] " + Sentence;

    [Fact]
    public async Task A_client_cannot_forge_a_log_line_about_another_client()
    {
        using var directory = new TemporaryDirectory();
        var htpasswd = Path.Combine(directory.Path, "htpasswd");
        await File.WriteAllTextAsync(htpasswd, ProtectedServer.LineOf("reader", "password"), TestContext.Current.CancellationToken);
        await using var server = await RegistryIndexProcess.ServeAsync("--database", "sqlite://", "--set", $"htpasswd={htpasswd}", "--set", "rate_limit=1", "--set", "cors_origins=https://ui.example.com", "--set", $"events_secrets={ProtectedServer.Secret}");
        await server.WaitForAsync("Now listening on");
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        foreach (var text in (string[])[Sentence, Line, $"x\n{Line}", $"x\u2028{Line}"])
        {
            await SendAsync("203.0.113.5", "/v1/search?q=web", $"{text}:wrong");
            for (var i = 0; i < 4; i++)
                await SendAsync("203.0.113.6", "/" + Uri.EscapeDataString(text), login: null);
            await SendAsync("203.0.113.7", "/v1/search", login: null, ("Origin", text.ReplaceLineEndings(" ")));
            for (var i = 0; i < 12; i++)
                await SendAsync("127.0.0.1", "/v1/search?q=web", $"{text}:wrong");
        }

        await Eventually.BeAsync(() => Task.FromResult(Regex.Count(server.Log, "Refused GET") >= 3), () => server.Log);
        foreach (var prefix in (string[])["", "Nov 27 09:30:00 host registry-index[4711]: "])
            Banned(Expression(), prefix).Should().Contain("203.0.113.5").And.NotContain("198.51.100.9");
        Banned(ShorterExpression(), "").Should().Contain("203.0.113.5").And.NotContain("198.51.100.9", "a pattern without an anchor finds none either");

        IEnumerable<string> Banned(Regex expression, string prefix) =>
            [.. server.Log.Split('\n').Select(line => expression.Match(prefix + line)).Where(match => match.Success).Select(match => match.Groups["host"].Value)];

        async Task SendAsync(string address, string path, string? login, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
            if (login is not null)
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await client.SendAsync(request);
            answer.StatusCode.Should().BeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests);
        }
    }

    private static Regex Expression() => new(Documented().Match(File.ReadAllText(Checkout.PathOf("docs", "configuration.md"))).Groups[1].Value.Replace("<HOST>", @"(?<host>\S+)", StringComparison.Ordinal));

    [GeneratedRegex(@"Login failed from (?<host>\S+) for user")]
    private static partial Regex ShorterExpression();

    [GeneratedRegex(@"the `failregex` is\s+`([^`]+)`")]
    private static partial Regex Documented();
}
