using System.Text;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>What searches read: postings, and the rows that they lead to.</summary>
/// <param name="sender">The way to DynamoDB.</param>
/// <param name="tables">The tables.</param>
/// <param name="consistent">Whether to read consistently.</param>
/// <param name="memory">The rows that were read a moment ago; null where each is to be read.</param>
internal sealed class SearchTables(RequestSender sender, TableNames tables, bool consistent, RowMemory? memory)
{
    /// <summary>Whether searches read consistently.</summary>
    public bool IsConsistent { get; } = consistent;

    /// <summary>What a row costs that is as its posting says.</summary>
    public double RowUnits { get; } = consistent ? 1 : 0.5;

    /// <summary>What a row costs at most: one that is not as its posting says is read again, consistently.</summary>
    public double MostRowUnits { get; } = consistent ? 1 : 1.5;

    /// <summary>In how many places a word is looked up at most.</summary>
    public const int MostTiers = 3;

    // As many as make a portion of a list one wave or two.
    private const int BatchesAtOnce = 5;

    /// <summary>Where a word is looked up, best first.</summary>
    /// <param name="word">The word; null for all names.</param>
    /// <param name="after">Where to start after.</param>
    public IEnumerable<TierReader> TiersOf(string? word, RankKey? after)
    {
        if (word is null)
            return [ReaderOf(0, "", after)];
        // A word of one ASCII character is only found at segment starts; what is longer than a key is found nowhere.
        IEnumerable<(int Tier, string Text)> tiers = SearchQuery.MatchesSegmentStartsOnly(word)
            ? [(1, word)]
            : [(1, word), (2, word), (3, string.Concat(word.EnumerateRunes().Take(RankKey.MaxDescriptionText)))];
        return tiers
            .Where(tier => tier.Tier >= (after?.Tier ?? 1) && Encoding.UTF8.GetByteCount(PostingKey.Escape(tier.Text)) < PostingKey.MaxSortBytes)
            .Select(tier => ReaderOf(tier.Tier, tier.Text, tier.Tier == after?.Tier ? after : null));
    }

    /// <summary>
    /// Reads the rows of some names. A row that is not as its posting made expect is read again, consistently: then it is
    /// the posting that is out of date, and not the replica that was asked.
    /// </summary>
    public async Task<Dictionary<string, Repository>> ReadRowsAsync(
        RequestLog log, IReadOnlyCollection<string> names, Func<string, Repository?, bool> isExpected, CancellationToken cancellationToken)
    {
        var wanted = names.Distinct(StringComparer.Ordinal).ToList(); // one may stand in two places
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

    /// <summary>Reads the rows of candidates, of which each is expected to rank where it stands.</summary>
    public Task<Dictionary<string, Repository>> ReadRowsOfAsync(RequestLog log, SearchQuery word, IReadOnlyList<RankKey> candidates, CancellationToken cancellationToken)
    {
        var places = candidates.ToLookup(candidate => candidate.Name, StringComparer.Ordinal);
        return ReadRowsAsync(log, [.. candidates.Select(candidate => candidate.Name)],
            (name, row) => row is not null && word.Rank(row) is { } rank && places[name].Contains(rank), cancellationToken);
    }

    /// <summary>Reads every row, in the order of the table.</summary>
    public IAsyncEnumerable<Repository> ScanAsync(RequestLog log, CancellationToken cancellationToken) =>
        sender.ScanRepositoriesAsync(log, tables.Repository, IsConsistent, after: null, limit: null, cancellationToken);

    private TierReader ReaderOf(int tier, string text, RankKey? after) => new(sender, tables.Search, IsConsistent, tier, text, after);
}
