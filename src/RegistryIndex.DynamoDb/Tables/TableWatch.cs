namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Keeps what this process knows of the tables for as long as it may be relied on: until DynamoDB refuses a request that
/// it should not, and for <see cref="Trusted"/> at most. Then the next one who asks has them looked at again. Thread-safe.
/// </summary>
/// <param name="lookAgain">Looks again, given what was known.</param>
/// <param name="changed">Told when the tables are other ones than were known.</param>
/// <param name="time">The clock.</param>
internal sealed class TableWatch(Func<KnownTables, CancellationToken, Task<KnownTables>> lookAgain, Action changed, TimeProvider time)
{
    public static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private KnownTables? _known;
    private long? _since;
    private int _refusals;
    private Task<KnownTables>? _look;

    /// <summary>What was last known, true or not any more; null before the index is opened.</summary>
    public KnownTables? Known
    {
        get
        {
            lock (_lock)
                return _known;
        }
    }

    /// <summary>Looks, and knows from then on what was found.</summary>
    public async Task<KnownTables> OpenAsync(Func<Task<KnownTables>> look)
    {
        var (since, refusals) = (time.GetTimestamp(), _refusals);
        var known = await look().ConfigureAwait(false);
        lock (_lock)
        {
            if (_known?.Found.Identity != known.Found.Identity)
                changed();
            _known = known;
            _since = refusals == _refusals ? since : null;
        }

        return known;
    }

    /// <summary>A request was refused: the tables are not what they were.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _refusals++;
            (_since, _look) = (null, null);
        }
    }

    /// <summary>What is known and may be relied on; one look serves all who ask meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The index was never opened.</exception>
    /// <exception cref="RegistryIndexException">The tables could not be looked at, or one of them is lost.</exception>
    public ValueTask<KnownTables> GetAsync(string operation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known is not { } known)
                throw new InvalidOperationException("Initialize the index before anything else.");
            if (_since is { } since && time.GetElapsedTime(since) < Trusted)
                return new(known);
            if (_look is null or { IsCompleted: true })
                _look = Task.Run(() => OpenAsync(() => lookAgain(known, CancellationToken.None)), CancellationToken.None);
            return new(WaitAsync(_look, operation, cancellationToken));
        }
    }

    private static async Task<KnownTables> WaitAsync(Task<KnownTables> look, string operation, CancellationToken cancellationToken)
    {
        try
        {
            return await look.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryIndexException error)
        {
            // The error names the operation of the caller that waited for the look, not of the one that began it.
            throw error.During(operation);
        }
    }
}
