using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>Users, secrets and certificates change while the server runs, as its clients see it.</summary>
public sealed class ReadAgainTests
{
    private const string OldSecret = "oldsecret-0123456789";
    private const string NewSecret = "newsecret-0123456789";

    [Fact]
    public async Task A_replaced_Kubernetes_secret_applies_to_users_events_and_tls()
    {
        using var secret = new MountedSecret();
        await secret.UpdateAsync(Version("first", "old password", OldSecret));
        await using var server = await RegistryIndexProcess.ServeAtAsync(
            "https://127.0.0.1:0", "--database", "sqlite://", "--set", $"htpasswd={secret.PathOf("htpasswd")}", "--set", $"events_secrets_file={secret.PathOf("secrets")}",
            "--set", $"tls_certificate_file={secret.PathOf("tls.crt")}", "--set", $"tls_key_file={secret.PathOf("tls.key")}");
        await UntilAsync(server, "200", "-u", "alice:old password", "/v2/");
        await UntilAsync(server, "202", "-H", $"Authorization: Bearer {OldSecret}", "-d", """{"events":[]}""", "/events");
        (await CurlAsync(server, "-v", "/healthz")).Should().Contain("CN=first").And.Contain("Strict-Transport-Security");

        await secret.UpdateAsync(Version("second", "new password", NewSecret));
        await UntilAsync(server, "200", "-u", "alice:new password", "/v2/");
        await UntilAsync(server, "202", "-H", $"Authorization: Bearer {NewSecret}", "-d", """{"events":[]}""", "/events");
        await UntilAsync(server, "CN=second", "-v", "/healthz");
        (await CurlAsync(server, "-w", "%{http_code}", "-u", "alice:old password", "/v2/")).Should().Contain("401");
        (await CurlAsync(server, "-w", "%{http_code}", "-H", $"Authorization: Bearer {OldSecret}", "-d", """{"events":[]}""", "/events")).Should().Contain("401");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_and_its_key_may_be_renewed_in_either_order(bool isCertificateFirst)
    {
        using var directory = new TemporaryDirectory();
        var (certificate, key) = (Path.Combine(directory.Path, "tls.crt"), Path.Combine(directory.Path, "tls.key"));
        var (first, second) = (Pair("first"), Pair("second"));
        await File.WriteAllTextAsync(certificate, first.Certificate);
        await File.WriteAllTextAsync(key, first.Key);
        await using var server = await RegistryIndexProcess.ServeAtAsync(
            "https://127.0.0.1:0", "--database", "sqlite://", "--set", $"tls_certificate_file={certificate}", "--set", $"tls_key_file={key}");

        await (isCertificateFirst ? File.WriteAllTextAsync(certificate, second.Certificate) : File.WriteAllTextAsync(key, second.Key));
        await server.WaitForAsync("are not a matching PEM certificate and key");
        (await CurlAsync(server, "-v", "/healthz")).Should().Contain("CN=first", "the last matching pair is used meanwhile");
        await (isCertificateFirst ? File.WriteAllTextAsync(key, second.Key) : File.WriteAllTextAsync(certificate, second.Certificate));
        await UntilAsync(server, "CN=second", "-v", "/healthz");
        server.Log.Split("matching PEM").Should().HaveCount(2, "the log says it once");
    }

    [Fact]
    public async Task A_line_that_is_not_bcrypt_is_ignored_and_removed_users_are_refused()
    {
        // As in 06-htpasswd-mixed: bob's line is Apache's MD5, which distribution skips, too.
        const string Bob = "bob:$apr1$Pi2GevBx$OV4HxvGQd4lP6SasSI2s21";
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "htpasswd");
        await File.WriteAllTextAsync(file, $"{ProtectedServer.LineOf("alice", "one")}\n{Bob}\n");
        await using var server = await RegistryIndexProcess.ServeAsync("--database", "sqlite://", "--set", $"htpasswd={file}");
        await UntilAsync(server, "200", "-u", "alice:one", "/v2/");
        (await CurlAsync(server, "-w", "%{http_code}", "-u", "bob:two", "/v2/")).Should().Contain("401");
        await server.WaitForAsync("line 2: skipped, because it is not a user with a bcrypt hash");

        await File.WriteAllTextAsync(file, $"{Bob}\n{ProtectedServer.LineOf("carol", "three")}\nno colon\n:{ProtectedServer.LineOf("", "x")}\n");
        await UntilAsync(server, "200", "-u", "carol:three", "/v2/");
        (await CurlAsync(server, "-w", "%{http_code}", "-u", "alice:one", "/v2/")).Should().Contain("401", "the user was removed");
        await server.WaitForAsync("lines 1, 3, 4: skipped");
        server.Log.Should().NotContain("apr1").And.NotContain("no colon");
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nobody\n")]
    [InlineData("bob:$apr1$Pi2GevBx$OV4HxvGQd4lP6SasSI2s21\n")]
    public async Task An_empty_file_refuses_every_user_and_a_missing_file_changes_nothing(string emptied)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "htpasswd");
        await File.WriteAllTextAsync(file, ProtectedServer.LineOf("alice", "one"));
        await using var server = await RegistryIndexProcess.ServeAsync("--database", "sqlite://", "--set", $"htpasswd={file}");
        await UntilAsync(server, "200", "-u", "alice:one", "/v2/");

        File.Move(file, file + ".away");
        await server.WaitForAsync("cannot be read");
        (await CurlAsync(server, "-w", "%{http_code}", "-u", "alice:one", "/v2/")).Should().Contain("200");

        await File.WriteAllTextAsync(file, emptied);
        await UntilAsync(server, "401", "-u", "alice:one", "/v2/");
        await server.WaitForAsync("so no user can log in");

        File.Move(file + ".away", file, overwrite: true);
        await UntilAsync(server, "200", "-u", "alice:one", "/v2/");
    }

    [Theory]
    [InlineData("htpasswd", "# nobody\n", "has no user with a bcrypt hash: add one")]
    [InlineData("htpasswd", "bob:$apr1$Pi2GevBx$OV4HxvGQd4lP6SasSI2s21\n", "has no user with a bcrypt hash: add one")]
    [InlineData("events_secrets_file", "short\n", "has no secret of 16 characters or more")]
    [InlineData("tls_certificate_file", "no PEM", "are not a matching PEM certificate and key")]
    [InlineData("events_secrets_file", "a secret of many characters\n\0\u0001\u0002\n", "is not UTF-8 text")]
    [InlineData("htpasswd", "PK\u0003\u0004\0\0\n", "has no user with a bcrypt hash: add one")]
    [InlineData("tls_certificate_file", "PK\u0003\u0004\0\0\n", "are not a matching PEM certificate and key")]
    public async Task The_server_does_not_start_with_an_unusable_file(string key, string text, string sentence)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "file");
        await File.WriteAllTextAsync(file, text);
        var url = key == "tls_certificate_file" ? "https://127.0.0.1:0" : "http://127.0.0.1:0";
        var result = await RegistryIndexProcess.RunAsync("serve", "--urls", url, "--database", "sqlite://", "--set", $"{key}={file}");
        result.ExitCode.Should().Be(2, result.Stderr);
        result.Stderr.Should().Contain(sentence).And.NotContain("apr1").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_short_secret_is_ignored_and_removed_secrets_are_refused()
    {
        await using var server = await ProtectedServer.StartAsync();
        await File.WriteAllTextAsync(server.SecretsFile, $"short\n\n{NewSecret}\n");
        await Eventually.BeAsync(async () => await PostAsync(server, NewSecret) == HttpStatusCode.Accepted);
        (await PostAsync(server, ProtectedServer.Secret)).Should().Be(HttpStatusCode.Unauthorized);
        (await PostAsync(server, "short")).Should().Be(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpStatusCode> PostAsync(ProtectedServer server, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new StringContent("""{"events":[]}""") };
        request.Headers.Authorization = new("Bearer", secret);
        using var answer = await server.Server.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static (string File, string Text)[] Version(string name, string password, string secret)
    {
        var (certificate, key) = Pair(name);
        return [("htpasswd", ProtectedServer.LineOf("alice", password)), ("secrets", secret), ("tls.crt", certificate), ("tls.key", key)];
    }

    private static (string Certificate, string Key) Pair(string name)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (made.ExportCertificatePem(), pair.ExportPkcs8PrivateKeyPem());
    }

    private static async Task UntilAsync(RegistryIndexProcess server, string wanted, params string[] arguments)
    {
        var got = "";
        await Eventually.BeAsync(
            async () => (got = await CurlAsync(server, ["-w", "%{http_code}", .. arguments])).Contains(wanted, StringComparison.Ordinal),
            () => $"instead of '{wanted}' there is '{got}', and the server said {server.Log}");
    }

    // The last argument is the path.
    private static async Task<string> CurlAsync(RegistryIndexProcess server, params string[] arguments)
    {
        var scheme = server.Log.Contains("https://", StringComparison.Ordinal) ? "https" : "http";
        var result = await ProcessRunner.RunAsync("curl", ["-sk", "--http1.1", .. arguments[..^1], $"{scheme}://{server.Address}{arguments[^1]}"]);
        return result.Stdout + result.Stderr;
    }
}
