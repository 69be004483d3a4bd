using Microsoft.Extensions.Logging;
using RegistryIndex.Failures;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>
/// Asks the secondary some of the searches that the primary has answered, in the background: it never delays or fails an
/// answer, and searches that come while enough are under way are passed over.
/// </summary>
internal sealed partial class SampledComparison(IRegistryIndex primary, IRegistryIndex secondary, double part, MirrorMetrics metrics, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private const int AtOnce = 2;
    private const int MostTries = 3;

    // A change may just be on its way.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Compares a search, if its turn comes.</summary>
    public void Consider(SearchRequest request, SearchPage page)
    {
        if (part > 0 && Random.Shared.NextDouble() < part && !_ended.IsCancellationRequested && _places.Wait(0, CancellationToken.None))
            _ = Task.Run(() => CompareAsync(Alone(request), page), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        for (var place = 0; place < AtOnce; place++)
            await _places.WaitAsync();
        _ended.Dispose();
        _places.Dispose();
    }

    private async Task CompareAsync(SearchRequest request, SearchPage page)
    {
        try
        {
            for (var tries = 1; ; tries++)
            {
                if (IsSame(page, await secondary.SearchAsync(request, _ended.Token), request.Limit))
                {
                    metrics.Compared("same");
                    return;
                }

                if (tries == MostTries)
                    break;
                await Task.Delay(Pause, time, _ended.Token);
                page = await primary.SearchAsync(request, _ended.Token);
            }

            metrics.Compared("different");
            LogDifferent(logger, request.Query.ToString() ?? "");
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // Ended.
        }
        catch (Exception error)
        {
            metrics.Compared("failed");
            LogFailed(logger, Failure.ToSentence(error));
        }
        finally
        {
            _places.Release();
        }
    }

    // The session is of the caller, who goes on with it meanwhile.
    private static SearchRequest Alone(SearchRequest request) => new(request.Query.ToString(), request.Limit, request.ToPage([], request.After).Continuation);

    // A page that is short and goes on says nothing of what follows (contract 5.5).
    private static bool IsSame(SearchPage left, SearchPage right, int limit)
    {
        var isShort = (left.Continuation ?? right.Continuation) is not null && Math.Min(left.Repositories.Count, right.Repositories.Count) < limit;
        var count = isShort ? Math.Min(left.Repositories.Count, right.Repositories.Count) : limit;
        return left.Repositories.Take(count).SequenceEqual(right.Repositories.Take(count));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secondary of the mirror answers the search '{Query}' otherwise; 'registry-index verify --from primary --to secondary' tells more")]
    private static partial void LogDifferent(ILogger logger, string query);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A search could not be compared with the secondary of the mirror: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
