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
/// <param name="Added">New in the index.</param>
/// <param name="Updated">Given another description.</param>
/// <param name="Unchanged">Already so; nothing was written.</param>
/// <param name="Refused">Broke a rule and were reported.</param>
public sealed record ImportResult(long Added, long Updated, long Unchanged, long Refused)
{
    /// <summary>How many repositories of the stream are dealt with.</summary>
    public long Total => Added + Updated + Unchanged + Refused;

    /// <summary>Adds up two results.</summary>
    public static ImportResult operator +(ImportResult left, ImportResult right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Added + right.Added, left.Updated + right.Updated, left.Unchanged + right.Unchanged, left.Refused + right.Refused);
    }

    /// <summary>The sum, for languages without operators.</summary>
    public static ImportResult Add(ImportResult left, ImportResult right) => left + right;

    /// <summary>Nothing done yet.</summary>
    public static ImportResult None { get; } = new(0, 0, 0, 0);
}
