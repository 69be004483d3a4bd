namespace RegistryIndex.DynamoDb.Opening;

/// <summary>
/// Keeps what this process knows of the tables for as long as it is reliable: until DynamoDB refuses a request because of a table, and for
/// <see cref="Trusted"/> at most. The next caller then causes a new look at the tables. Thread-safe.
/// </summary>
/// <param name="lookAgain">Looks at the tables again, given what was known.</param>
/// <param name="changed">Called when other tables are found than were known.</param>
/// <param name="time">The clock.</param>
internal sealed class TableWatch(Func<KnownTables, CancellationToken, Task<KnownTables>> lookAgain, Action changed, TimeProvider time)
{
    public static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private KnownTables? _known;
    private long? _since;
    private int _refusals;
    private Task<KnownTables>? _look;

    /// <summary>The tables that were last known, even if they may have changed since; null before the index is opened.</summary>
    public KnownTables? Known
    {
        get
        {
            lock (_lock)
                return _known;
        }
    }

    /// <summary>Looks at the tables and remembers the result.</summary>
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

    /// <summary>Discards what is known after DynamoDB refused a request because of a table.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _refusals++;
            (_since, _look) = (null, null);
        }
    }

    /// <summary>Returns what is known if it is reliable; otherwise looks at the tables. All callers in the meantime share one look.</summary>
    /// <exception cref="InvalidOperationException">The index was never opened.</exception>
    /// <exception cref="RegistryIndexException">The tables could not be looked at, or one of them is lost.</exception>
    public ValueTask<KnownTables> GetAsync(string operation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known is not { } known)
                throw new InvalidOperationException("The index is not initialized; initialize it first.");
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
