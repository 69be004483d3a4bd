namespace RegistryIndex;

/// <summary>How <see cref="IRegistryIndex.ImportAsync"/> reports, and what a missing description means to it.</summary>
public sealed record ImportOptions
{
    /// <summary>Told of each refused repository and why, one call at a time.</summary>
    public Action<RefusedRepository>? Refused { get; init; }

    /// <summary>Told how far the import is, after each portion that is safely stored.</summary>
    public IProgress<ImportResult>? Progress { get; init; }

    /// <summary>
    /// Whether a repository without a description leaves a stored description as it is, instead of removing it. For
    /// sources that know names but not always descriptions.
    /// </summary>
    public bool KeepDescriptions { get; init; }
}

/// <summary>A repository that an import did not store.</summary>
/// <param name="Repository">The repository as it came.</param>
/// <param name="Reason">One sentence that names it.</param>
public sealed record RefusedRepository(Repository Repository, string Reason);

/// <summary>What an import did, in repositories of its stream; also its progress so far.</summary>
public sealed record ImportResult
{
    /// <summary>Nothing done yet.</summary>
    public static ImportResult None { get; } = new();

    /// <summary>How many are new in the index.</summary>
    public long Added { get; init; }

    /// <summary>How many have other content than before.</summary>
    public long Updated { get; init; }

    /// <summary>How many were so already; nothing was written for them.</summary>
    public long Unchanged { get; init; }

    /// <summary>How many broke a rule and were reported.</summary>
    public long Refused { get; init; }

    /// <summary>How many repositories of the stream are dealt with.</summary>
    public long Total => Added + Updated + Unchanged + Refused;

    /// <summary>The result of one write.</summary>
    public static ImportResult Of(UpsertOutcome outcome) => outcome switch
    {
        UpsertOutcome.Added => new() { Added = 1 },
        UpsertOutcome.Updated => new() { Updated = 1 },
        _ => new() { Unchanged = 1 },
    };

    /// <summary>Adds up two results.</summary>
    public static ImportResult operator +(ImportResult left, ImportResult right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Added = left.Added + right.Added,
            Updated = left.Updated + right.Updated,
            Unchanged = left.Unchanged + right.Unchanged,
            Refused = left.Refused + right.Refused,
        };
    }

    /// <summary>What an import did between an earlier progress and this one.</summary>
    public static ImportResult operator -(ImportResult left, ImportResult right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Added = left.Added - right.Added,
            Updated = left.Updated - right.Updated,
            Unchanged = left.Unchanged - right.Unchanged,
            Refused = left.Refused - right.Refused,
        };
    }

    /// <summary>The sum, for languages without operators.</summary>
    public static ImportResult Add(ImportResult left, ImportResult right) => left + right;

    /// <summary>The difference, for languages without operators.</summary>
    public static ImportResult Subtract(ImportResult left, ImportResult right) => left - right;
}
