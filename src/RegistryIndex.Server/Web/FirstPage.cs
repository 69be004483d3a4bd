using System.Collections.Concurrent;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Net.Http.Headers;

namespace RegistryIndex.Server.Web;

/// <summary>
/// Keeps the first page, which is requested most, as it is sent. Each request searches. The page is rendered and compressed again when a row has
/// changed, and each minute, because it says how long ago the pushes were: up to a minute late. Thread-safe.
/// </summary>
internal sealed class FirstPage(IResponseCompressionProvider compression, TimeProvider time)
{
    private volatile Kept? _kept;

    /// <param name="page">The page.</param>
    /// <param name="rows">The repositories on it.</param>
    /// <param name="continuation">Where the next page starts; null when nothing follows.</param>
    public IResult Of(WebPage<ResultsPage> page, IReadOnlyList<Repository> rows, string? continuation) => new Answer(this, page, rows, continuation);

    private async Task<Kept> KeepAsync(WebPage<ResultsPage> page, IReadOnlyList<Repository> rows, string? continuation, IServiceProvider services)
    {
        var minute = time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
        if (_kept is { } kept && kept.Is(rows, continuation, minute))
            return kept;
        return _kept = new(rows, continuation, minute, await page.RenderAsync(services));
    }

    private async Task SendAsync(Kept kept, HttpContext context)
    {
        var body = kept.Html;
        if (compression.GetCompressionProvider(context) is { } encoding)
        {
            body = kept.Compressed.GetOrAdd(encoding.EncodingName, static (_, it) => Compress(it.encoding, it.kept.Html), (encoding, kept));
            context.Response.Headers.ContentEncoding = encoding.EncodingName;
        }

        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        context.Response.ContentType = WebPage.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Compress(ICompressionProvider encoding, byte[] html)
    {
        using var compressed = new MemoryStream();
        using (var stream = encoding.CreateStream(compressed))
            stream.Write(html);
        return compressed.ToArray();
    }

    private sealed class Kept(IReadOnlyList<Repository> rows, string? continuation, long minute, byte[] html)
    {
        public byte[] Html => html;

        public ConcurrentDictionary<string, byte[]> Compressed { get; } = new(StringComparer.Ordinal);

        public bool Is(IReadOnlyList<Repository> others, string? itsContinuation, long itsMinute) =>
            minute == itsMinute && continuation == itsContinuation && rows.SequenceEqual(others);
    }

    private sealed class Answer(FirstPage owner, WebPage<ResultsPage> page, IReadOnlyList<Repository> rows, string? continuation) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext) =>
            await owner.SendAsync(await owner.KeepAsync(page, rows, continuation, httpContext.RequestServices), httpContext);
    }
}
