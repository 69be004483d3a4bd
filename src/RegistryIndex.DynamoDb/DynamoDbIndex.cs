using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Adoption;
using RegistryIndex.DynamoDb.Importing;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb;

/// <summary>
/// The index in DynamoDB. Where a predecessor's rows have no postings yet, <see cref="InitializeAsync"/> begins to give
/// them theirs and returns after the first few hundred; the rest goes on in the background until the index is disposed
/// of, which puts the work down for the next process. Searches are complete meanwhile.
/// </summary>
internal sealed partial class DynamoDbIndex : IRegistryIndex, IRegistryIndexSource, IAsyncDisposable, IDisposable
{
    private readonly DynamoDbIndexOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TableNames _tables;
    private readonly RequestSender _sender;
    private readonly VersionRow _versionRow;
    private readonly Searcher _searcher;
    private readonly ScanSearcher _scanSearcher;
    private readonly Adopter _adopter;
    private readonly BackgroundAdoption _background;
    private volatile bool _scansOnly;
    private volatile bool _hasMarks = true;

    public DynamoDbIndex(
        IAmazonDynamoDB client, DynamoDbIndexOptions options, IMeterFactory meters, ILogger<DynamoDbIndex> logger, TimeProvider time, TimeSpan? lease = null, SearchEffort? effort = null)
    {
        (_options, _time, _logger) = (options, time, logger);
        _tables = new(options.RepositoryTable, options.VersionTable, options.SearchTable);
        _sender = new(client, options.Place, TimeSpan.FromSeconds(options.RetryTimeout), new RequestMetrics(meters), time, new WriteBudget(options.MaxWriteUnits, time));
        _versionRow = new(_sender, _tables.Version);
        _searcher = new(new SearchTables(_sender, _tables, options.ConsistentReads), effort ?? new());
        _scanSearcher = new(_sender, _tables, options.ConsistentReads);
        var patience = lease ?? TimeSpan.FromSeconds(30);
        _adopter = new(this, _sender, _tables, time, patience, logger);
        _background = new(_adopter, time, pause: patience / 3, logger);
        if (client.Config.MaxErrorRetry > 0)
            ClientSendsAgain(logger, client.Config.MaxErrorRetry);
    }

    public string Provider => DynamoDbBackend.Name;

    public string Location => $"{_tables.Repository} at {_sender.Place}";

    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        var log = new RequestLog("initialize");
        var setup = new TableSetup(_sender, _options, _time);
        var tables = await setup.EnsureAllAsync(log, _tables, _versionRow, cancellationToken).ConfigureAwait(false);
        await _versionRow.EnsureAsync(log, cancellationToken).ConfigureAwait(false);
        _adopter.Begin(tables.Single(table => table.TableName == _tables.Search));
        (_scansOnly, _hasMarks) = (false, true);
        if (!await _adopter.IsCompleteAsync(cancellationToken).ConfigureAwait(false))
            await _background.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default)
    {
        var log = new RequestLog("open");
        var setup = new TableSetup(_sender, _options, _time);
        var tables = await Task.WhenAll(TableSchema.Of(_tables).Select(schema => setup.FindAsync(log, schema, cancellationToken))).ConfigureAwait(false);
        if (tables[0] is null)
            return SourceState.Missing;
        _hasMarks = tables[1] is not null;
        var isOurs = tables[1] is not null && await _versionRow.CheckAsync(log, cancellationToken).ConfigureAwait(false);
        _scansOnly = !isOurs || tables[2] is null; // a predecessor's: there are no postings, and nobody is to write any
        if (!_scansOnly)
        {
            _adopter.Begin(tables[2]!);
            await _adopter.IsCompleteAsync(cancellationToken).ConfigureAwait(false); // asked for here, so that it is no part of the first search
        }

        return SourceState.Searchable;
    }

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        _sender.ScanRepositoriesAsync(new("scan"), _tables.Repository, consistent: true, after, limit: most, cancellationToken).Take(most ?? int.MaxValue);

    public async Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!RowName.IsPossible(name))
            return null;
        var store = new DynamoDbStore(_sender, _tables, "get", cancellationToken);
        return (await store.ReadAsync(name).ConfigureAwait(false))?.Repository;
    }

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        return NewWriter("upsert", cancellationToken).UpsertAsync(repository.Name, _ => repository.Description);
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RowName.IsPossible(name) ? NewWriter("delete", cancellationToken).DeleteAsync(name) : Task.FromResult(false);
    }

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var log = new RequestLog("list");
        var repositories = await IsAdoptedAsync(cancellationToken).ConfigureAwait(false)
            ? _searcher.ListAsync(log, after, cancellationToken)
            : (await _scanSearcher.ListAsync(log, after, cancellationToken).ConfigureAwait(false)).ToAsyncEnumerable();
        await foreach (var repository in repositories.ConfigureAwait(false))
            yield return repository;
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) =>
        SearchAsync(new RequestLog("search"), request, cancellationToken);

    /// <summary>Searches, and counts the cost where the caller can see it.</summary>
    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await IsAdoptedAsync(cancellationToken).ConfigureAwait(false)
            ? await _searcher.SearchAsync(log, request, cancellationToken).ConfigureAwait(false)
            : await _scanSearcher.SearchAsync(log, request, cancellationToken).ConfigureAwait(false);
    }

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        ImportAsync(repositories, options, Importer.DefaultWindow, cancellationToken);

    /// <summary>Imports, mixing that many repositories with each other.</summary>
    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options, int window, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        var store = new DynamoDbStore(_sender, _tables, "import", cancellationToken);
        using var importer = new Importer(store, new RepositoryWriter(store, _time, _logger), options ?? new(), window);
        return await importer.RunAsync(repositories, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>DynamoDB counts a table every six hours or so; an exact count would be a scan.</summary>
    public async Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var table = await _sender.DescribeTableAsync(new RequestLog("status"), _tables.Repository, cancellationToken).ConfigureAwait(false)
            ?? throw new RegistryIndexException(Provider, "status", $"there is no table '{_tables.Repository}' at {_sender.Place}; initialize the index first.", mayRetry: false);
        return new IndexStatus(Provider, Location, table.ItemCount ?? 0, IsEstimate: true);
    }

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default)
    {
        IndexMark.CheckName(name);
        return _hasMarks ? _versionRow.ReadMarkAsync(new RequestLog("mark"), name, cancellationToken) : Task.FromResult<string?>(null);
    }

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        _versionRow.TryReplaceMarkAsync(new RequestLog("mark"), name, expected, replacement, cancellationToken);

    /// <summary>Whether every row has its postings, so that searches need not scan.</summary>
    public ValueTask<bool> IsAdoptedAsync(CancellationToken cancellationToken) =>
        _scansOnly ? ValueTask.FromResult(false) : _adopter.IsCompleteAsync(cancellationToken);

    /// <inheritdoc cref="DynamoDbMaintenance.IsAdoptionFailing"/>
    public bool IsAdoptionFailing => _background.HasFailed;

    /// <inheritdoc cref="DynamoDbMaintenance.SweepAsync"/>
    public async Task<SweepResult> SweepAsync(bool dryRun, TimeSpan grace, bool force, IProgress<SweepResult>? progress, CancellationToken cancellationToken)
    {
        var isAdopted = await IsAdoptedAsync(cancellationToken).ConfigureAwait(false);
        var store = new DynamoDbStore(_sender, _tables, "sweep", cancellationToken);
        return await new TableSweep(_sender, _tables, store, new Sweeper(store, _time, grace)).RunAsync(isAdopted, dryRun, force, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DynamoDbMaintenance.RebuildAsync"/>
    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await _background.StopAsync().ConfigureAwait(false);
        return await _adopter.RebuildAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _background.DisposeAsync();

    // Containers that are disposed of synchronously only know this one.
    public void Dispose() => _background.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The IAmazonDynamoDB of this application sends failed requests again up to {Times} times by itself, so a new repository that is deleted at the same moment may stay without being found: set MaxErrorRetry = 0 in its configuration, because the index sends again where that is safe.")]
    private static partial void ClientSendsAgain(ILogger logger, int times);

    private RepositoryWriter NewWriter(string operation, CancellationToken cancellationToken) =>
        new(new DynamoDbStore(_sender, _tables, operation, cancellationToken), _time, _logger);
}
