namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// Counts orphans before any is removed. If too many orphans belong to repositories that do not exist, they hardly come from crashes: the
/// repository table has more likely lost rows.
/// </summary>
/// <param name="alwaysAllowed">The number of repositories whose postings may always be removed.</param>
internal sealed class SweepBrake(int alwaysAllowed = SweepBrake.AlwaysAllowed)
{
    // In a small index, the postings of a single repository exceed any share that protects a large index.
    private const int AlwaysAllowed = 5;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _orphans;

    public void Count(IEnumerable<Orphan> orphans)
    {
        foreach (var orphan in orphans.Where(orphan => !orphan.IsReplaced))
        {
            _orphans++;
            if (_names.Count <= alwaysAllowed)
                _names.Add(orphan.Posting.Name);
        }
    }

    /// <summary>Whether the orphans may be removed only by force.</summary>
    /// <param name="postings">How many postings there are, orphans included.</param>
    public bool Holds(long postings) => _names.Count > alwaysAllowed && _orphans > postings * DynamoDbMaintenance.MostSwept / 100;
}
