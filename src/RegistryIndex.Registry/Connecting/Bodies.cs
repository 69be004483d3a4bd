namespace RegistryIndex.Registry.Connecting;

/// <summary>Reads the bodies of answers, which may be endless or stall.</summary>
internal static class Bodies
{
    private const int PartSize = 16 << 10;

    /// <summary>Reads a whole body; null when it is larger than <paramref name="limit"/>.</summary>
    /// <param name="content">The body.</param>
    /// <param name="limit">The largest size, in bytes.</param>
    /// <param name="timeout">How long the read may take.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="TimeoutException">The body did not end in time.</exception>
    /// <exception cref="HttpRequestException">The body broke off.</exception>
    /// <exception cref="IOException">The body broke off.</exception>
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
            throw new TimeoutException($"the answer did not end within {timeout.TotalSeconds:0} s", error);
        }
    }
}
