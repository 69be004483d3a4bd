namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// Counts orphans before any is removed. Too many at once whose repositories are not there are hardly what crashes left: rather the
/// repository table has lost rows.
/// </summary>
/// <param name="alwaysAllowed">The repositories whose postings may always go.</param>
internal sealed class SweepBrake(int alwaysAllowed = SweepBrake.AlwaysAllowed)
{
    // In a small index the postings of a single repository are more than any share that protects a large one.
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

    /// <summary>Whether they may only be removed by force.</summary>
    /// <param name="postings">How many postings there are, orphans included.</param>
    public bool Holds(long postings) => _names.Count > alwaysAllowed && _orphans > postings * DynamoDbMaintenance.MostSwept / 100;
}
