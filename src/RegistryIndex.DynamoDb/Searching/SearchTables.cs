using System.Text;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>The data that searches read: postings, and the rows that they refer to.</summary>
/// <param name="sender">Sends the requests.</param>
/// <param name="tables">The tables.</param>
/// <param name="consistent">Whether to read consistently.</param>
/// <param name="memory">The rows that were read in the last seconds; null if every row must be read.</param>
internal sealed class SearchTables(RequestSender sender, TableNames tables, bool consistent, RowMemory? memory)
{
    /// <summary>Whether searches read consistently.</summary>
    public bool IsConsistent { get; } = consistent;

    /// <summary>The cost of a row that agrees with its posting.</summary>
    public double RowUnits { get; } = consistent ? 1 : 0.5;

    /// <summary>The largest cost of a row. A row that disagrees with its posting is read again, consistently.</summary>
    public double MostRowUnits { get; } = consistent ? 1 : 1.5;

    /// <summary>The largest number of tiers in which a word is looked up.</summary>
    public const int MostTiers = 3;

    // With this number, reading a portion of a list takes one wave of requests or two.
    private const int BatchesAtOnce = 5;

    /// <summary>The tiers in which a word is looked up, best first.</summary>
    /// <param name="word">The word; null for all names.</param>
    /// <param name="after">The place to start after.</param>
    public IEnumerable<ITierReader> TiersOf(string? word, RankKey? after)
    {
        if (word is null)
            return [NamesAfter(after)];
        // A word of one ASCII character is found only at segment starts. A word that is longer than a key is not found at all.
        IEnumerable<(int Tier, string Text)> tiers = SearchQuery.MatchesSegmentStartsOnly(word)
            ? [(1, word)]
            : [(1, word), (2, word), (3, string.Concat(word.EnumerateRunes().Take(RankKey.MaxDescriptionText)))];
        return tiers
            .Where(tier => tier.Tier >= (after?.Tier ?? 1) && Encoding.UTF8.GetByteCount(PostingKey.Escape(tier.Text)) < PostingKey.MaxSortBytes)
            .Select(tier => ReaderOf(PostingKey.Partition(tier.Tier, tier.Text), tier.Text, tier.Tier == after?.Tier ? after : null));
    }

    /// <summary>
    /// The order of the last push: first the repositories whose push is known, and then all names, because no posting says that a push is
    /// unknown.
    /// </summary>
    /// <param name="after">The place to start after.</param>
    public IEnumerable<ITierReader> TiersByPush(RankKey? after)
    {
        if (after is { } last && PushOrder.PushedAt(last) is null)
            return [NamesAfter(new(0, "", last.Name))];
        RankKey? start = after is { } known ? known with { Tier = PostingKey.PushTier } : null;
        return [new MergedReader([.. Enumerable.Range(0, PostingKey.PushShards).Select(shard => ReaderOf(PostingKey.PushPartition(shard), "", start))]), NamesAfter(null)];
    }

    /// <summary>
    /// Reads the rows of some names. A row that disagrees with its posting is read again, consistently. If it still disagrees, the
    /// posting is out of date, and not the replica.
    /// </summary>
    public async Task<Dictionary<string, Repository>> ReadRowsAsync(
        RequestLog log, IReadOnlyCollection<string> names, Func<string, Repository?, bool> isExpected, CancellationToken cancellationToken)
    {
        var wanted = names.Distinct(StringComparer.Ordinal).ToList(); // a name may stand in two places
        var rows = memory?.Find(wanted).Where(known => isExpected(known.Key, known.Value)).ToDictionary(StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
        var all = wanted.FindAll(name => !rows.ContainsKey(name));
        var since = memory?.Now ?? 0;
        await ReadAsync(all, IsConsistent).ConfigureAwait(false);
        if (!IsConsistent)
            await ReadAsync([.. all.Where(name => !isExpected(name, rows.GetValueOrDefault(name)))], again: true).ConfigureAwait(false);
        memory?.Remember(all.Select(name => rows.GetValueOrDefault(name)).OfType<Repository>(), since);
        return rows;

        async Task ReadAsync(List<string> some, bool again)
        {
            foreach (var name in some)
                rows.Remove(name);
            foreach (var batches in some.Chunk(Batches.MostReads).Chunk(BatchesAtOnce))
            {
                var read = await Task.WhenAll(batches.Select(batch =>
                    sender.ReadRepositoriesAsync(log, tables.Repository, batch, again, cancellationToken))).ConfigureAwait(false);
                foreach (var row in read.SelectMany(repositories => repositories))
                    rows[row.Name] = row;
            }
        }
    }

    /// <summary>Reads the rows of candidates.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="isExpected">Whether a row agrees with a candidate.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Dictionary<string, Repository>> ReadRowsOfAsync(
        RequestLog log, IReadOnlyList<RankKey> candidates, Func<Repository, RankKey, bool> isExpected, CancellationToken cancellationToken)
    {
        var places = candidates.ToLookup(candidate => candidate.Name, StringComparer.Ordinal);
        return ReadRowsAsync(log, [.. candidates.Select(candidate => candidate.Name)],
            (name, row) => row is not null && places[name].Any(place => isExpected(row, place)), cancellationToken);
    }

    /// <summary>Reads every row, in the order of the table.</summary>
    public IAsyncEnumerable<Repository> ScanAsync(RequestLog log, CancellationToken cancellationToken) =>
        sender.ScanRepositoriesAsync(log, tables.Repository, IsConsistent, after: null, limit: null, cancellationToken);

    private PartitionReader NamesAfter(RankKey? after) => ReaderOf(PostingKey.Partition(0, ""), "", after);

    private PartitionReader ReaderOf(string partition, string text, RankKey? after) => new(sender, tables.Search, IsConsistent, partition, text, after);
}
