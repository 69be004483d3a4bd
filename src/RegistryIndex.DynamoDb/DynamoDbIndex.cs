using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Adoption;
using RegistryIndex.DynamoDb.Importing;
using RegistryIndex.DynamoDb.Opening;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb;

/// <summary>
/// The index in DynamoDB. If rows of a predecessor have no postings yet, <see cref="InitializeAsync"/> starts to write them and returns
/// after the first few hundred rows. The rest continues in the background until the index is disposed of; the next process then resumes the
/// work. Searches are complete in the meantime.
/// </summary>
internal sealed partial class DynamoDbIndex : IRegistryIndex, IRegistryIndexSource, IAsyncDisposable, IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TableNames _tables;
    private readonly ServiceClock _clock;
    private readonly RequestSender _sender;
    private readonly VersionRow _versionRow;
    private readonly TableSetup _setup;
    private readonly TableReview _review;
    private readonly TableWatch _watch;
    private readonly RowMemory? _memory;
    private readonly Searcher _searcher;
    private readonly ScanSearcher _scanSearcher;
    private readonly Lister _lister;
    private readonly BackgroundAdoption _background;
    private readonly TimeSpan _lease;
    private volatile bool _isInitialized;
    private string? _said;

    public DynamoDbIndex(
        IAmazonDynamoDB client, DynamoDbIndexOptions options, IMeterFactory meters, ILogger<DynamoDbIndex> logger, TimeProvider time, TimeSpan? lease = null, SearchEffort? effort = null)
    {
        (_time, _logger) = (time, logger);
        _tables = new(options.RepositoryTable, options.VersionTable, options.SearchTable);
        _memory = options.ConsistentReads ? null : new(time);
        _watch = new(LookAgainAsync, () => _memory?.Clear(), time);
        _clock = ServiceClock.Of(client, time);
        _sender = new(
            client, DynamoDbClient.PlaceOf(client), TimeSpan.FromSeconds(options.RetryTimeout), new RequestMetrics(meters), time,
            new UnitBudget(options.MaxWriteUnits, time), new UnitBudget(options.MaxReadUnits, time), _watch.Forget, logger, _clock);
        _versionRow = new(_sender, _tables.Version);
        _setup = new(_sender, options, _tables, new IndexTraces(_sender, _tables, _versionRow), time);
        _review = new(_sender, options, logger);
        var rows = new SearchTables(_sender, _tables, options.ConsistentReads, memory: null);
        _searcher = new(new SearchTables(_sender, _tables, options.ConsistentReads, _memory), effort ?? new());
        _scanSearcher = new(rows);
        _lister = new(rows);
        _lease = lease ?? TimeSpan.FromSeconds(30);
        _background = new(time, pause: _lease / 3, logger);
        if (client.Config.MaxErrorRetry > 0)
            ClientSendsAgain(logger, client.Config.MaxErrorRetry);
    }

    public string Provider => DynamoDbProvider.Name;

    public IndexCapabilities Capabilities => IndexCapabilities.Facts | IndexCapabilities.OrderByPush;

    public string Location => $"{_tables.Repository} at {_sender.Place}";

    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        var known = await _watch.OpenAsync(async () =>
        {
            var log = new RequestLog("initialize");
            var found = await _setup.EnsureAsync(log, again: false, cancellationToken).ConfigureAwait(false);
            await _review.WarnAsync(log, found, cancellationToken).ConfigureAwait(false);
            return await TakeUpAsync(log, found, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        _isInitialized = true;
        if (!await known.Adopter!.IsCompleteAsync(cancellationToken).ConfigureAwait(false))
            await _background.StartAsync(known.Adopter, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default)
    {
        var known = await _watch.OpenAsync(() => ReadAsync(new RequestLog("open"), cancellationToken)).ConfigureAwait(false);
        if (known.Found.Repository is null)
            return SourceState.Missing;
        if (known.Adopter is { } adopter)
            await adopter.IsCompleteAsync(cancellationToken).ConfigureAwait(false); // checked here, so that the first search need not do it
        return SourceState.Searchable;
    }

    public async IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await _watch.GetAsync("scan", cancellationToken).ConfigureAwait(false); // throws if a table is lost
        await foreach (var repository in _sender.ScanRepositoriesAsync(new("scan") { IsBulk = true }, _tables.Repository, consistent: true, after, limit: most, cancellationToken).Take(most ?? int.MaxValue).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested(); // the remaining rows may all be in memory
            yield return repository;
        }
    }

    public async Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!RowName.IsPossible(name))
            return null;
        var store = NewStore("get", cancellationToken);
        return (await store.ReadAsync(name).ConfigureAwait(false))?.Repository;
    }

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        return NewWriter("upsert", cancellationToken).UpsertAsync(repository.Name, stored => repository.WriteOver(stored).Result);
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RowName.IsPossible(name) ? NewWriter("delete", cancellationToken).DeleteAsync(name) : Task.FromResult(false);
    }

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) =>
        ListAsync(after, most: null, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) =>
        ListAsync(after, (int?)most, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        SearchAsync(new RequestLog("search"), request, cancellationToken);

    /// <summary>Searches, and counts the cost in a log that the caller passes.</summary>
    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfRefusedBy(this);
        var known = await _watch.GetAsync("search", cancellationToken).ConfigureAwait(false);
        return await IsAdoptedAsync(known, cancellationToken).ConfigureAwait(false)
            ? await _searcher.SearchAsync(log, request, known.Found.Repository?.TableSizeBytes ?? 0, cancellationToken).ConfigureAwait(false)
            : await _scanSearcher.SearchAsync(log, request, cancellationToken).ConfigureAwait(false);
    }

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        ImportAsync(repositories, options, Importer.DefaultWindow, cancellationToken);

    /// <summary>Imports repositories, and shuffles them within windows of the given size.</summary>
    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options, int window, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        var store = NewStore("import", cancellationToken, isBulk: true);
        using var importer = new Importer(store, new RepositoryWriter(store, _time, _logger), options ?? new(), window);
        return await importer.RunAsync(repositories, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>DynamoDB counts the items of a table about every six hours; an exact count would need a scan.</summary>
    public async Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        if (_watch.Known is not null)
            await _watch.GetAsync("status", cancellationToken).ConfigureAwait(false); // throws if a table is lost
        var table = await _sender.DescribeTableAsync(new RequestLog("status"), _tables.Repository, cancellationToken).ConfigureAwait(false)
            ?? throw new RegistryIndexException(Provider, "status", $"the table '{_tables.Repository}' does not exist at {_sender.Place}; initialize the index first.", mayRetry: false);
        return new IndexStatus { Provider = Provider, Location = Location, Repositories = table.ItemCount ?? 0, IsEstimate = true };
    }

    public async Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default)
    {
        IndexMark.CheckName(name);
        var known = _watch.Known is null ? null : await _watch.GetAsync("read mark", cancellationToken).ConfigureAwait(false);
        return known is { Found.Version: null } ? null : await _versionRow.ReadMarkAsync(new RequestLog("read mark"), name, cancellationToken).ConfigureAwait(false);
    }

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        _versionRow.TryReplaceMarkAsync(new RequestLog("replace mark"), name, expected, replacement, cancellationToken);

    /// <summary>Whether every row has its postings, so that searches do not need to scan.</summary>
    public ValueTask<bool> IsAdoptedAsync(CancellationToken cancellationToken) => IsAdoptedAsync("search", cancellationToken);

    /// <inheritdoc cref="DynamoDbMaintenance.IsAdoptionFailing"/>
    public bool IsAdoptionFailing => _background.HasFailed;

    /// <inheritdoc cref="DynamoDbMaintenance.SweepAsync"/>
    public async Task<SweepResult> SweepAsync(bool dryRun, TimeSpan grace, bool force, IProgress<SweepResult>? progress, CancellationToken cancellationToken)
    {
        var isAdopted = await IsAdoptedAsync("sweep", cancellationToken).ConfigureAwait(false);
        var store = NewStore("sweep", cancellationToken, isBulk: true);
        var repair = new RowRepair(_sender, _tables, store, new RepositoryWriter(store, _time, _logger), grace, dryRun);
        return await new TableSweep(_sender, _tables, store, new Sweeper(store, grace), repair).RunAsync(isAdopted, dryRun, force, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DynamoDbMaintenance.RebuildAsync"/>
    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var known = await _watch.GetAsync("rebuild", cancellationToken).ConfigureAwait(false);
        await _background.StopAsync().ConfigureAwait(false);
        return await (known.Adopter ?? throw new InvalidOperationException("The index is not initialized; initialize it first."))
            .RebuildAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DynamoDbMaintenance.CreateLostTablesAsync"/>
    public async Task<IReadOnlyList<string>> CreateLostTablesAsync(CancellationToken cancellationToken)
    {
        var log = new RequestLog("rebuild");
        var found = await _setup.FindAsync(log, cancellationToken).ConfigureAwait(false);
        if (found.IsNothing || found.IsWhole)
            return [];
        await _setup.EnsureAsync(log, again: true, cancellationToken).ConfigureAwait(false);
        return [.. TableSchema.Of(_tables).Zip(found.All).Where(one => !FoundTables.IsThere(one.Second)).Select(one => one.First.Table)];
    }

    public async ValueTask DisposeAsync()
    {
        await _background.DisposeAsync().ConfigureAwait(false);
        _clock.Dispose();
    }

    // For containers that are disposed of synchronously.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The IAmazonDynamoDB of this application retries failed requests up to {Times} times, so a new repository that is deleted at the same time may remain without being found: set MaxErrorRetry = 0 in its configuration. The index retries requests where that is safe.")]
    private static partial void ClientSendsAgain(ILogger logger, int times);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A table was recreated, restored or replaced; searches scan the repository table until every row has its postings again.")]
    private static partial void Exchanged(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private static partial void Unusable(ILogger logger, string problem);

    private async ValueTask<bool> IsAdoptedAsync(string operation, CancellationToken cancellationToken) =>
        await IsAdoptedAsync(await _watch.GetAsync(operation, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private static async ValueTask<bool> IsAdoptedAsync(KnownTables known, CancellationToken cancellationToken) =>
        known.Adopter is { } adopter && await adopter.IsCompleteAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Checks the tables of an open index; creates nothing.</summary>
    private async Task<KnownTables> LookAgainAsync(KnownTables known, CancellationToken cancellationToken)
    {
        var log = new RequestLog("look");
        if (!_isInitialized)
            return await ReadAsync(log, cancellationToken).ConfigureAwait(false);
        var found = await _setup.FindAsync(log, cancellationToken).ConfigureAwait(false);
        if (found.Identity == known.Found.Identity)
            return known with { Found = found };
        try
        {
            _setup.RequireUsable(log, found);
        }
        catch (RegistryIndexException error) when (Interlocked.Exchange(ref _said, found.Identity) != found.Identity)
        {
            Unusable(_logger, error.Message); // logged once, though every caller gets the error
            throw;
        }

        Exchanged(_logger);
        var next = await TakeUpAsync(log, found, cancellationToken).ConfigureAwait(false);
        _ = _background.StartAsync(next.Adopter!, CancellationToken.None);
        return next;
    }

    private async Task<KnownTables> TakeUpAsync(RequestLog log, FoundTables found, CancellationToken cancellationToken)
    {
        await _versionRow.EnsureAsync(log, Adopter.MarkOf(found), cancellationToken).ConfigureAwait(false);
        return new(found, AdopterOf(found));
    }

    // A predecessor's tables have no postings, and a reader must not write any.
    private async Task<KnownTables> ReadAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var found = await _setup.FindNotLostAsync(log, cancellationToken).ConfigureAwait(false);
        var hasPostings = found is { Repository: not null, Version: not null, Search: not null }
            && await _versionRow.CheckAsync(log, cancellationToken).ConfigureAwait(false) == SearchLayout.Current;
        return new(found, hasPostings ? AdopterOf(found) : null);
    }

    // An adopter keeps its state for as long as the tables stay the same.
    private Adopter AdopterOf(FoundTables found) =>
        _watch.Known is { Adopter: { } adopter } known && known.Found.Identity == found.Identity
            ? adopter
            : new(this, _sender, _tables, found, _time, _lease, _logger);

    private async IAsyncEnumerable<Repository> ListAsync(string? after, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (most <= 0)
            yield break;
        var log = new RequestLog("list") { IsBulk = most is null };
        var known = await _watch.GetAsync("list", cancellationToken).ConfigureAwait(false);
        var table = known.Found.Repository;
        var repositories = await IsAdoptedAsync(known, cancellationToken).ConfigureAwait(false)
            ? _lister.ListAsync(log, after, most, table?.ItemCount ?? 0, BilledUnits.Read(table?.TableSizeBytes ?? 0, consistent: false), cancellationToken)
            : _lister.ScanAsync(log, after, most, cancellationToken);
        await foreach (var repository in repositories.ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested(); // the remaining rows may all be in memory
            yield return repository;
        }
    }

    private RepositoryWriter NewWriter(string operation, CancellationToken cancellationToken) =>
        new(NewStore(operation, cancellationToken), _time, _logger);

    private DynamoDbStore NewStore(string operation, CancellationToken cancellationToken, bool isBulk = false) =>
        new(_sender, _tables, operation, _memory is null ? null : _memory.Forget, cancellationToken, isBulk);
}
