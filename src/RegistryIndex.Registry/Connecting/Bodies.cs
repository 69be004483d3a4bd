namespace RegistryIndex.Registry.Connecting;

/// <summary>Bodies of answers, which may be without end, or never come to it.</summary>
internal static class Bodies
{
    private const int PartSize = 16 << 10;

    /// <summary>Reads a whole body; null when it is larger than <paramref name="limit"/>.</summary>
    /// <param name="content">The body.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    /// <exception cref="HttpRequestException">It broke off.</exception>
    /// <exception cref="IOException">The same.</exception>
    public static async Task<byte[]?> ReadAsync(this HttpContent content, int limit, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
            return null;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(deadline.Token);
            using var body = new MemoryStream((int)(content.Headers.ContentLength ?? 0));
            var part = new byte[PartSize];
            for (int read; (read = await stream.ReadAsync(part, deadline.Token)) > 0;)
            {
                if (body.Length + read > limit)
                    return null;
                body.Write(part, 0, read);
            }

            return body.ToArray();
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no end of the answer within {timeout.TotalSeconds:0} s", error);
        }
    }
}
