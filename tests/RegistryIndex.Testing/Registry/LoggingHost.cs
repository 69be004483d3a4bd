using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace RegistryIndex.Testing.Registry;

/// <summary>A foreign host, at an address of its own on this machine, that records everything it receives.</summary>
public sealed class LoggingHost : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly WebApplication _app;

    private LoggingHost(IPAddress address, X509Certificate2? certificate)
    {
        _app = LoopbackApp.Create(address, certificate is null ? null : listen => listen.UseHttps(certificate, https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        }));
        _app.Run(async context =>
        {
            _requests.Enqueue(await WriteAsync(context.Request));
            await Answer(context);
        });
    }

    /// <summary>Its address: http://host:port.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Its answer. The default is 200 without a body.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every request with its headers and body.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static async Task<LoggingHost> StartAsync(string address = "127.0.0.2", X509Certificate2? certificate = null)
    {
        var host = new LoggingHost(IPAddress.Parse(address), certificate);
        await host._app.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<string> WriteAsync(HttpRequest request)
    {
        var text = new StringBuilder($"{request.Method} {request.GetEncodedUrl()}\n");
        foreach (var (name, values) in request.Headers)
            text.Append(name).Append(": ").AppendJoin(", ", values.ToArray()).Append('\n');
        if (await request.HttpContext.Connection.GetClientCertificateAsync() is { } certificate)
            text.Append("client certificate: ").Append(certificate.Subject).Append('\n');
        using var body = new StreamReader(request.Body);
        return text.Append(await body.ReadToEndAsync()).ToString();
    }
}
