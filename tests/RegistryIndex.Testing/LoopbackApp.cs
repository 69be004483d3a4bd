using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.Testing;

/// <summary>Servers that stand in for others: on a free port of this machine, and silent.</summary>
public static class LoopbackApp
{
    /// <summary>Makes one; it is started by its owner.</summary>
    /// <param name="address">The address of this machine; 127.0.0.1 where none is given.</param>
    /// <param name="listen">What else is set of the port, such as TLS.</param>
    /// <param name="kestrel">What else is set of the server.</param>
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

    /// <summary>Sends a request on as it is, and its answer back.</summary>
    /// <param name="client">What it is sent by.</param>
    /// <param name="context">The request, and the answer.</param>
    /// <param name="target">Where it is sent.</param>
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
            if (!isOfThisHop && !context.Response.Headers.ContainsKey(name)) // what the stand-in has set already counts
                context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
