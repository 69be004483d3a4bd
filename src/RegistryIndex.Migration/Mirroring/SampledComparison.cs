using Microsoft.Extensions.Logging;
using RegistryIndex.Failures;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>
/// Repeats a sample of the primary's searches on the secondary, in the background. It never delays an answer or makes it
/// fail. It skips searches while enough comparisons are running.
/// </summary>
internal sealed partial class SampledComparison(IRegistryIndex primary, IRegistryIndex secondary, double part, MirrorMetrics metrics, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private const int AtOnce = 2;
    private const int MostTries = 3;

    // A change may still be on its way to the secondary.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IndexCapabilities _shared = primary.Capabilities & secondary.Capabilities;
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Compares a search if it is in the sample.</summary>
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
            // The comparison has ended.
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

    // The session belongs to the caller, who continues to use it.
    private static SearchRequest Alone(SearchRequest request) => new(request.Query.ToString(), request.Limit, request.ToPage([], request.After).Continuation, request.Order);

    // A short page with a continuation says nothing about what follows (contract 5.5).
    private bool IsSame(SearchPage left, SearchPage right, int limit)
    {
        var isShort = (left.Continuation ?? right.Continuation) is not null && Math.Min(left.Repositories.Count, right.Repositories.Count) < limit;
        var count = isShort ? Math.Min(left.Repositories.Count, right.Repositories.Count) : limit;
        return Kept(left).SequenceEqual(Kept(right));

        IEnumerable<Repository> Kept(SearchPage page) => page.Repositories.Take(count).Select(repository => repository.KeptBy(_shared));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secondary of the mirror has other results for the search '{Query}'; 'registry-index verify --from primary --to secondary' shows the differences")]
    private static partial void LogDifferent(ILogger logger, string query);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A search could not be compared with the secondary of the mirror: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
