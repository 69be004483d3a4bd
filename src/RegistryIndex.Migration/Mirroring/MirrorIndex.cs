using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RegistryIndex.Migration.Replication;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>
/// Two indexes: every call is answered by the primary alone, whatever happens to the secondary; each name that was written is
/// brought to the secondary right afterwards, as the primary then says.
/// </summary>
/// <remarks>
/// That what is brought is the primary's truth of that moment, and not what a caller wrote, keeps the two equal however many
/// writers and servers there are: see <see cref="RepositoryReplication"/>.
/// </remarks>
internal sealed class MirrorIndex : IMirroredIndex, IAsyncDisposable
{
    public const string Name = "mirror";

    // Large enough for backends to keep many writes under way, small enough for the secondary to begin soon.
    private const int ImportPortion = 4_000;
    private readonly IRegistryIndex _primary;
    private readonly IRegistryIndex _secondary;
    private readonly string? _secondaryLocation; // for a mirror that is only read
    private readonly SecondaryQueue _queue;
    private readonly SampledComparison _comparison;
    private volatile bool _isInitialized;
    private bool _isDisposed;

    public MirrorIndex(IRegistryIndex primary, IRegistryIndex secondary, MirrorOptions options, IMeterFactory meters, ILoggerFactory loggers, TimeProvider time)
    {
        (_primary, _secondary, _secondaryLocation) = (primary, secondary, options.SecondaryLocation);
        var metrics = new MirrorMetrics(meters, () => _queue?.State.Pending ?? 0);
        _queue = new(primary, secondary, metrics, loggers.CreateLogger<SecondaryQueue>(), time);
        _comparison = new(primary, secondary, options.ComparedShare, metrics, loggers.CreateLogger<SampledComparison>(), time);
    }

    public string Provider => Name;

    /// <summary>How the secondary keeps up.</summary>
    public MirrorState State => _queue.State;

    /// <summary>Initializes the primary; the secondary in the background, as often as it takes.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        await _primary.InitializeAsync(cancellationToken);
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
            return await _primary.UpsertAsync(repository, cancellationToken);
        }
        finally
        {
            _queue.Add(repository.Name); // also when it failed: it may have been done
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
                done += await _primary.ImportAsync(portion.ToAsyncEnumerable(), options is null ? null : options with { Progress = null }, cancellationToken);
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
        _isDisposed = true; // a container that knows us by two types disposes of us twice, one after the other
        await _comparison.DisposeAsync();
        await _queue.DisposeAsync();
    }

    private async Task<string> LocationOfSecondaryAsync(CancellationToken cancellationToken)
    {
        if (!_isInitialized)
            return _secondaryLocation ?? "the index that mirror:secondary names";
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
