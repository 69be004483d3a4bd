using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Memory;

/// <summary>
/// Answers searches from the folded texts in memory. The statement that reads the page's rows also checks every answer against the database's log
/// of changes, so an answer shows what is stored at that moment. If the texts are not in memory, or if writers are faster than it can follow,
/// there is no answer, and the database is searched. Thread-safe.
/// </summary>
internal sealed partial class SearchMemory(IndexDatabase database, EfCoreIndexOptions options, ILogger logger) : IAsyncDisposable
{
    private const int Attempts = 3;
    private const int MaxChanges = 2_000;
    private const int Many = 300_000;

    // At most a tenth of the time is spent on reading all texts again, however often everything changes.
    private const int Rest = 10;

    private static readonly TimeSpan RestWhereTooLarge = TimeSpan.FromHours(1);
    private readonly long _limit = options.SearchMemory * 1_048_576L;
    private readonly MemoryStatements _statements = database.Statements.Memory ?? throw new ArgumentException("There is no log of changes.", nameof(database));
    private readonly string _readPage = database.Statements.Memory!.ReadPage.Replace("{0}", SearchStatement.Parameter(0), StringComparison.Ordinal);
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly SemaphoreSlim _following = new(1);

    // More searches at once would only hold the threads that other requests need.
    private readonly SemaphoreSlim _finding = new(Environment.ProcessorCount);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _filler = new();
    private Task _filling = Task.CompletedTask;
    private bool _wasWanted;
    private bool _isDisposed;
    private long _restsSince;
    private TimeSpan _rest;
    private Held? _held;

    /// <summary>Searches if the texts in memory allow an answer.</summary>
    /// <param name="connection">The connection that reads the page's rows, outside of a transaction.</param>
    /// <param name="request">A search for words.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; null if the database must be searched.</returns>
    public async Task<SearchPage?> TrySearchAsync(ReadConnection connection, SearchRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (IsLeftToTheDatabase(request.Query.RankingWord!))
                return null;
            if (await FindAsync(request, cancellationToken).ConfigureAwait(false) is not var (found, at))
            {
                // A program that searches only once does not benefit from filling the memory.
                if (!options.WaitsForMemory && !Interlocked.Exchange(ref _wasWanted, true))
                    return null;
                var filling = Fill();
                if (!options.WaitsForMemory)
                    return null;
                await filling.ConfigureAwait(false);
                continue;
            }

            var rows = await ReadPageAsync(connection, found.Take(request.Limit).Select(text => text.Id), cancellationToken).ConfigureAwait(false);
            if (rows.Count > 0 && rows[0].Place == at)
                return ToPage(request, found, rows);
            await FollowAsync(connection.Db, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Reads the texts into memory if they are not there.</summary>
    /// <param name="cancellationToken">Cancels the wait, but not the reading.</param>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        _wasWanted = true;
        await Fill().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _end.CancelAsync().ConfigureAwait(false);
        Task filling;
        lock (_filler)
            filling = _filling;
        await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _following.Dispose();
        _finding.Dispose();
        _gate.Dispose();
    }

    private async Task<(List<FoundText> Found, LogPlace At)?> FindAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Find(request);
        }
        finally
        {
            _finding.Release();
        }
    }

    private (List<FoundText> Found, LogPlace At)? Find(SearchRequest request)
    {
        _gate.EnterReadLock();
        try
        {
            return _held is { } held ? (TextSearch.Find(held.Texts, request.Query, request.After, request.Limit + 1), held.At) : null;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    // If there are very many texts, the database's trigram index finds the few with a rare word faster.
    private bool IsLeftToTheDatabase(string word)
    {
        if (_held is not { Texts.Count: > Many } || !word.EnumerateRunes().Skip(2).Any())
            return false;
        _gate.EnterReadLock();
        try
        {
            return _held is { } held && TextSearch.IsLikelyRare(held.Texts, word);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private static SearchPage ToPage(SearchRequest request, List<FoundText> found, List<PageRow> rows)
    {
        var stored = rows.Where(row => row.Repository is not null).ToDictionary(row => row.Id, row => row.Repository!);
        var page = found.Take(request.Limit).Where(text => stored.ContainsKey(text.Id)).Select(text => stored[text.Id]);
        return request.ToPage([.. page], found.Count > request.Limit ? found[request.Limit - 1].Rank : null);
    }

    private Task<List<PageRow>> ReadPageAsync(ReadConnection connection, IEnumerable<int> ids, CancellationToken cancellationToken) =>
        connection.ReadAsync(new(_readPage, [ToJson(ids)], IsKept: true), PageRow.Of, cancellationToken);

    private async Task FollowAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        await _following.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_held is not { } held)
                return;
            var transaction = await database.BeginReadAsync(db, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var changes = await db.Database.SqlQueryRaw<Change>(MemoryStatements.ReadChanges, held.At.Number).ToListAsync(cancellationToken).ConfigureAwait(false);
                if (changes.Count is 0 or > MaxChanges || changes[0].Place != held.At || changes.Skip(1).Any(change => change.Id is null))
                    Put(null);
                else if (changes.Count > 1)
                    await FollowAsync(db, held, changes[^1].Place, changes.Skip(1).Select(change => change.Id!.Value).Distinct().ToList(), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _following.Release();
        }
    }

    private async Task FollowAsync(IndexDbContext db, Held held, LogPlace to, List<int> ids, CancellationToken cancellationToken)
    {
        var rows = await db.Database.SqlQueryRaw<FoldedText>(_statements.ReadFolded, ToJson(ids)).ToDictionaryAsync(row => row.Id, cancellationToken).ConfigureAwait(false);
        var texts = held.Texts.IsMostlyUnseen ? held.Texts.Compact() : held.Texts;
        _gate.EnterWriteLock();
        try
        {
            foreach (var id in ids)
            {
                if (rows.TryGetValue(id, out var row))
                    texts.Put(id, row.Name, row.FoldedName, row.FoldedDescription);
                else
                    texts.Remove(id);
            }

            _held = texts.Size > _limit ? null : new(texts, to);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    private void Put(Held? held)
    {
        _gate.EnterWriteLock();
        _held = held;
        _gate.ExitWriteLock();
    }

    private Task Fill()
    {
        lock (_filler)
        {
            if (_filling.IsCompleted && (options.WaitsForMemory || Stopwatch.GetElapsedTime(_restsSince) >= _rest) && !_end.IsCancellationRequested)
                _filling = Task.Factory.StartNew(ReadAsync, _end.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            return _filling;
        }
    }

    private async Task ReadAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var isTooLarge = false;
        try
        {
            var held = await ReadAllAsync(_end.Token).ConfigureAwait(false);
            isTooLarge = held is null;
            Put(held);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNotFilled(logger, error, database.Location); // the database answers in the meantime, and reports its own problems
        }

        (_restsSince, _rest) = (Stopwatch.GetTimestamp(), isTooLarge ? RestWhereTooLarge : Stopwatch.GetElapsedTime(start) * Rest);
    }

    private async Task<Held?> ReadAllAsync(CancellationToken cancellationToken)
    {
        using (var connection = new ReadConnection(database))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var transaction = await database.BeginReadAsync(connection.Db, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var texts = new FoldedTexts();
                var at = (await ReadPageAsync(connection, [], cancellationToken).ConfigureAwait(false))[0].Place;
                await foreach (var row in connection.Db.Database.SqlQueryRaw<FoldedText>(MemoryStatements.ReadAll).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
                {
                    texts.Put(row.Id, row.Name, row.FoldedName, row.FoldedDescription);
                    if (texts.Size > _limit)
                    {
                        LogTooLarge(logger, options.SearchMemory, texts.Count, database.Location);
                        return null;
                    }
                }

                return new(texts, at);
            }
        }
    }

    private static string ToJson(IEnumerable<int> ids) => $"[{string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}]";

    [LoggerMessage(Level = LogLevel.Information, Message = "The texts of the index take more than the {Limit} MiB of search_memory ({Count} repositories so far): the database {Location} searches for words inside of names and of descriptions")]
    private static partial void LogTooLarge(ILogger logger, int limit, int count, string location);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The texts of {Location} could not be read into memory")]
    private static partial void LogNotFilled(ILogger logger, Exception error, string location);

    private sealed record Held(FoldedTexts Texts, LogPlace At);
}
