using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using RegistryIndex.Server.Access;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Lists the tags of repositories from the registry. One request at a time is sent for a repository, and a few for all; a limited number of
/// repositories waits. Answers are remembered for some seconds, so that many users of one page cause one request. Thread-safe.
/// </summary>
internal sealed class TagLists(IFollowedSource followed, TimeProvider time) : IDisposable
{
    /// <summary>How many repositories the registry is asked for at once.</summary>
    public const int AtATime = 8;

    /// <summary>The largest number of repositories that wait for that.</summary>
    public const int MostWaiting = 100;

    private const int MostRemembered = 200_000; // tags
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private readonly MemoryCache _lists = new(new MemoryCacheOptions { SizeLimit = MostRemembered, Clock = new CacheClock(time) });
    private readonly Dictionary<string, Task<IReadOnlyList<ListedTag>?>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrencyLimiter _turns = new(new() { PermitLimit = AtATime, QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly Lock _gate = new();

    /// <summary>Whether a registry is configured.</summary>
    public bool CanAsk => followed.Source is not null;

    /// <summary>Whether a registry can be asked for the tags of a repository. An index can have names that no registry has now.</summary>
    public bool CanAskFor(string name) => CanAsk && RepositoryName.FindProblem(name) is null;

    /// <summary>Returns the tags; null when the registry does not have the repository.</summary>
    /// <exception cref="RegistrySourceException">The registry gives no answer at the moment, or too many repositories wait for one.</exception>
    public Task<IReadOnlyList<ListedTag>?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!CanAskFor(name))
            return Task.FromResult<IReadOnlyList<ListedTag>?>(null);
        lock (_gate)
        {
            if (_lists.TryGetValue(name, out IReadOnlyList<ListedTag>? known))
                return Task.FromResult(known);
            if (!_asked.TryGetValue(name, out var asked))
                _asked.Add(name, asked = Task.Run(() => AskAsync(name), CancellationToken.None));
            return asked.WaitAsync(cancellationToken); // a client that leaves does not cancel the request for the others
        }
    }

    public void Dispose()
    {
        _lists.Dispose();
        _turns.Dispose();
    }

    private async Task<IReadOnlyList<ListedTag>?> AskAsync(string name)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        IReadOnlyList<ListedTag>? tags = null;
        var isAnswered = false;
        try
        {
            using var turn = await _turns.AcquireAsync(cancellationToken: limit.Token);
            if (!turn.IsAcquired)
                throw new RegistrySourceException("Too many repositories wait for their tags: try again.");
            tags = await followed.Source!.ListTagsAsync(name, limit.Token);
            isAnswered = true;
            return tags;
        }
        catch (OperationCanceledException error)
        {
            throw new RegistrySourceException($"The registry did not list the tags of '{name}' within {Limit.TotalSeconds:0} s: check that it works.", error);
        }
        finally
        {
            lock (_gate)
            {
                if (isAnswered)
                    _lists.Set(name, tags, new MemoryCacheEntryOptions { Size = 1 + (tags?.Count ?? 0), AbsoluteExpirationRelativeToNow = Remembered });
                _asked.Remove(name);
            }
        }
    }
}
