using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.Testing;

/// <summary>Stand-in servers on a free port of this machine, without a log.</summary>
public static class LoopbackApp
{
    /// <summary>Creates a server. The caller starts it.</summary>
    /// <param name="address">The address of this machine. Null for 127.0.0.1.</param>
    /// <param name="listen">Additional options of the port, such as TLS.</param>
    /// <param name="kestrel">Additional options of the server.</param>
    public static WebApplication Create(IPAddress? address = null, Action<ListenOptions>? listen = null, Action<KestrelServerOptions>? kestrel = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            kestrel?.Invoke(server);
            server.Listen(address ?? IPAddress.Loopback, 0, port => listen?.Invoke(port));
        });
        return builder.Build();
    }

    /// <summary>Forwards a request without changes, and its answer back.</summary>
    /// <param name="client">The client that sends it.</param>
    /// <param name="context">The request, and the answer.</param>
    /// <param name="target">The address to which it is sent.</param>
    /// <param name="body">Its body.</param>
    public static async Task ForwardAsync(this HttpClient client, HttpContext context, Uri target, Stream body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target) { Content = new StreamContent(body) };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.Host = null;
        using var response = await client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            var isOfThisHop = name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase);
            if (!isOfThisHop && !context.Response.Headers.ContainsKey(name)) // a header that the stand-in has already set takes precedence
                context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
