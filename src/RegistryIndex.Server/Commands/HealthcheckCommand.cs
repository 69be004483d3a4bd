using System.CommandLine;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index healthcheck</c>: the health check of a container that has neither a shell nor curl.</summary>
internal static class HealthcheckCommand
{
    // Docker's limit for a health check is 30 seconds by default; a server that does not answer is unhealthy long before.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly Option<string?> Url = new("--url") { Description = "The server; by default the first of urls.", HelpName = "URL" };

    public static Command Create()
    {
        var command = new Command("healthcheck", "Check whether the server on this machine is alive; the exit code is 0 if it is.") { Url };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var configuration = Settings.Read(parsed, cancellationToken);
            var address = parsed.GetValue(Url) is { } url ? Listening.ToAsk(url, Url.Name) : Listening.ToAsk(JoinedValues.Of(configuration["urls"]).FirstOrDefault() ?? "", option: null);
            using var client = Client(address, configuration["tls_certificate_file"]);
            try
            {
                using var answer = await client.GetAsync(new Uri("/healthz", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return ExitCode.Done;
                return Runner.Say(parsed, [$"The server at {address} answered {(int)answer.StatusCode}: it is not healthy."], ExitCode.Failed);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                var problem = error is OperationCanceledException ? $"no answer within {Limit.TotalSeconds} s" : error.GetBaseException().Message.TrimEnd('.');
                return Runner.Say(parsed, [$"The server at {address} does not answer: {problem}."], ExitCode.Failed);
            }
        });
        return command;
    }

    private static HttpClient Client(AddressToAsk address, string? certificateFile)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (address.UnixSocket is { } path)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                if (!File.Exists(path))
                    throw new FileNotFoundException("there is no such socket"); // .NET's words are about addresses
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        // The certificate is for a name, but the request uses an address: so the certificate is compared with the configured one.
        if (!string.IsNullOrEmpty(certificateFile))
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) => errors == SslPolicyErrors.None || IsConfigured(shown, certificateFile);
        return new(handler) { BaseAddress = address.Url, Timeout = Limit };
    }

    private static bool IsConfigured(X509Certificate? shown, string file)
    {
        using var stream = GivenFile.OpenToRead(file, "The certificate");
        using var reader = new StreamReader(stream);
        using var configured = X509Certificate2.CreateFromPem(reader.ReadToEnd());
        return shown?.GetRawCertData().AsSpan().SequenceEqual(configured.RawData) == true;
    }
}
