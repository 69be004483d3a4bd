using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RegistryIndex.Migration.Replication;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>
/// Two indexes. Only the primary answers calls, even if the secondary fails. Each repository written is
/// copied to the secondary right afterwards, as the primary then has it.
/// </summary>
/// <remarks>
/// The copy has the primary's current content, not what a caller wrote. This keeps the two indexes equal with any number of
/// writers and servers: see <see cref="RepositoryReplication"/>.
/// </remarks>
internal sealed partial class MirrorIndex : IMirroredIndex, IAsyncDisposable
{
    public const string Name = "mirror";

    // Large enough that providers keep many writes in progress, small enough that the secondary starts soon.
    private const int ImportPortion = 4_000;
    private readonly IRegistryIndex _primary;
    private readonly IRegistryIndex _secondary;
    private readonly string? _secondaryLocation; // for a mirror that is opened only for reading
    private readonly SecondaryQueue _queue;
    private readonly SampledComparison _comparison;
    private readonly ILogger _logger;
    private volatile bool _isInitialized;
    private bool _isDisposed;

    public MirrorIndex(IRegistryIndex primary, IRegistryIndex secondary, MirrorOptions options, IMeterFactory meters, ILoggerFactory loggers, TimeProvider time)
    {
        (_primary, _secondary, _secondaryLocation) = (primary, secondary, options.SecondaryLocation);
        _logger = loggers.CreateLogger<MirrorIndex>();
        var metrics = new MirrorMetrics(meters, () => _queue?.State.Pending ?? 0);
        _queue = new(primary, secondary, metrics, loggers.CreateLogger<SecondaryQueue>(), time);
        _comparison = new(primary, secondary, options.ComparedShare, metrics, loggers.CreateLogger<SampledComparison>(), time);
    }

    public string Provider => Name;

    /// <summary>
    /// The features that both indexes have. If the secondary keeps no facts, a switch to it would lose those of the primary.
    /// </summary>
    public IndexCapabilities Capabilities => _primary.Capabilities & _secondary.Capabilities;

    /// <summary>The state of the secondary.</summary>
    public MirrorState State => _queue.State;

    /// <summary>Initializes the primary. The secondary is initialized in the background, with retries until it succeeds.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        await _primary.InitializeAsync(cancellationToken);
        if (!_isInitialized && (LeftFacts.Find(_primary, _secondary) ?? LeftFacts.Find(_secondary, _primary)) is { } left)
            LogWithoutFacts(_logger, left);
        _isInitialized = true;
        _queue.Start();
    }

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => _primary.GetAsync(name, cancellationToken);

    public async Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        try
        {
            return await _primary.UpsertAsync(repository.KeptBy(Capabilities), cancellationToken);
        }
        finally
        {
            _queue.Add(repository.Name); // also after a failure: the write may have been done
        }
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            return await _primary.DeleteAsync(name, cancellationToken);
        }
        finally
        {
            _queue.Add(name);
        }
    }

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => _primary.ListAsync(after, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) => _primary.ListAsync(after, most, cancellationToken);

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        _primary.ScanAsync(after, most, cancellationToken);

    public async Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfRefusedBy(this);
        var page = await _primary.SearchAsync(request, cancellationToken);
        if (_isInitialized)
            _comparison.Consider(request, page);
        return page;
    }

    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        var done = ImportResult.None;
        await foreach (var portion in repositories.Chunk(ImportPortion).WithCancellation(cancellationToken))
        {
            try
            {
                done += await _primary.ImportAsync(portion.Select(repository => repository.KeptBy(Capabilities)).ToAsyncEnumerable(), options is null ? null : options with { Progress = null }, cancellationToken);
            }
            finally
            {
                foreach (var repository in portion.Where(repository => repository.FindProblem() is null))
                    await _queue.AddWhenThereIsRoomAsync(repository.Name, cancellationToken);
            }

            options?.Progress?.Report(done);
        }

        return done;
    }

    public async Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var status = await _primary.GetStatusAsync(cancellationToken);
        return status with { Provider = Provider, Location = $"{status.Location}, mirrored to {await LocationOfSecondaryAsync(cancellationToken)}" };
    }

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => _primary.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        _primary.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true; // a container that has this object as two services disposes of it twice, one after the other
        await _comparison.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mirror stores no facts, because one of its two indexes does not. {Reason}")]
    private static partial void LogWithoutFacts(ILogger logger, string reason);

    private async Task<string> LocationOfSecondaryAsync(CancellationToken cancellationToken)
    {
        if (!_isInitialized)
            return _secondaryLocation ?? "the index in mirror:secondary";
        try
        {
            return (await _secondary.GetStatusAsync(cancellationToken)).Location;
        }
        catch (RegistryIndexException error)
        {
            return $"an index that cannot be read ({error.Message})";
        }
    }
}
