namespace RegistryIndex.Conformance.Running;

/// <summary>One run of a case, with its scratch indexes, its journal and its seed. Disposing of it drops all of its indexes.</summary>
internal sealed class CaseRun(ConformanceHarness harness, ConformanceOptions options, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly List<object> _opened = [];
    private ScratchIndex? _scratch;
    private volatile bool _hasWritten;

    public CancellationToken Cancellation { get; } = cancellation;

    public Journal Journal { get; private set; } = new();

    public int Seed => options.Seed;

    public int Histories => options.Histories;

    /// <summary>How long to wait for something that must end at once. The value is generous, because the machine may be busy.</summary>
    public TimeSpan Patience { get; } = options.CaseTimeout / 10;

    /// <summary>The time limit for shrinking a failing history: a third of the case's time limit, and at most a minute.</summary>
    public TimeSpan ShrinkingTime { get; } = TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(1).Ticks, options.CaseTimeout.Ticks / 3));

    /// <summary>
    /// Whether the harness has a capability. Random histories use it to choose their steps. A case that needs a capability states it instead.
    /// </summary>
    public bool Can(Capability capability) => harness.WhyNot(capability) is null;

    /// <summary>Opens the index as a separate process would, and initializes it. The first call creates the index.</summary>
    public async Task<IRegistryIndex> OpenAsync()
    {
        var index = await OpenBareAsync().ConfigureAwait(false);
        await index.InitializeAsync(Cancellation).ConfigureAwait(false);
        return index;
    }

    /// <summary>Opens the index as a separate process would, without initializing it.</summary>
    public async Task<RecordedIndex> OpenBareAsync()
    {
        if (_scratch is null)
            await CreateAsync().ConfigureAwait(false);
        var inner = await InHarnessAsync("open the index", () => _scratch!.OpenAsync(Cancellation)).ConfigureAwait(false);
        _opened.Add(inner);
        var source = await InHarnessAsync("find the source of the index", () => Task.FromResult(_scratch!.FindSource(inner))).ConfigureAwait(false);
        return new RecordedIndex(inner, source, _opened.Count == 1 ? "" : $"[process {_opened.Count}] ", this);
    }

    /// <summary>Runs an action of the harness on the place of the index.</summary>
    public async Task<T> WithScratchAsync<T>(string what, Func<ScratchIndex, Task<T>> action)
    {
        if (_scratch is null)
            await CreateAsync().ConfigureAwait(false);
        var result = await InHarnessAsync(what, () => action(_scratch!)).ConfigureAwait(false);
        Journal.Add($"({what})");
        return result;
    }

    /// <inheritdoc cref="WithScratchAsync{T}"/>
    public Task WithScratchAsync(string what, Func<ScratchIndex, Task> action) => WithScratchAsync(what, async scratch =>
    {
        await action(scratch).ConfigureAwait(false);
        return true;
    });

    /// <summary>Drops the index. The next call that opens an index creates a new one.</summary>
    public async Task StartAfreshAsync()
    {
        var opened = _opened.ToList();
        _opened.Clear();
        foreach (var index in opened)
            await InHarnessAsync("close the index", () => CloseAsync(index)).ConfigureAwait(false);
        var scratch = Interlocked.Exchange(ref _scratch, null);
        if (scratch is not null)
            await InHarnessAsync("drop the index", async () => await scratch.DisposeAsync().ConfigureAwait(false)).ConfigureAwait(false);
        Journal = new();
    }

    public void HasWritten() => _hasWritten = true;

    public async Task WaitUntilVisibleAsync(CancellationToken cancellationToken)
    {
        if (!_hasWritten)
            return;
        _hasWritten = false;
        await _scratch!.WaitUntilVisibleAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StartAfreshAsync().ConfigureAwait(false);

    private async Task CreateAsync() =>
        _scratch = await InHarnessAsync("create an index", () => harness.CreateAsync(Cancellation)).ConfigureAwait(false);

    private static async Task CloseAsync(object index)
    {
        if (index is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (index as IDisposable)?.Dispose();
    }

    private static Task<bool> InHarnessAsync(string what, Func<Task> action) => InHarnessAsync(what, async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    });

    private static async Task<T> InHarnessAsync<T>(string what, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new HarnessException(what, error);
        }
    }
}
