namespace RegistryIndex;

/// <summary>The result of an import, counted in repositories of its stream; also the progress of a running import.</summary>
public sealed record ImportResult
{
    /// <summary>The result of an import that has done nothing yet.</summary>
    public static ImportResult None { get; } = new();

    /// <summary>The number of repositories added to the index.</summary>
    public long Added { get; init; }

    /// <summary>The number of repositories whose content changed.</summary>
    public long Updated { get; init; }

    /// <summary>The number of repositories that already had the same content; nothing was written for them.</summary>
    public long Unchanged { get; init; }

    /// <summary>The number of repositories that broke a rule and were reported.</summary>
    public long Refused { get; init; }

    /// <summary>The number of repositories of the stream that have been processed.</summary>
    public long Total => Added + Updated + Unchanged + Refused;

    /// <summary>Returns the result of one write.</summary>
    public static ImportResult Of(UpsertOutcome outcome) => outcome switch
    {
        UpsertOutcome.Added => new() { Added = 1 },
        UpsertOutcome.Updated => new() { Updated = 1 },
        _ => new() { Unchanged = 1 },
    };

    /// <summary>Adds two results.</summary>
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

    /// <summary>Returns what an import did between an earlier progress and this one.</summary>
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

    /// <summary>Adds two results, for languages without operators.</summary>
    public static ImportResult Add(ImportResult left, ImportResult right) => left + right;

    /// <summary>Subtracts two results, for languages without operators.</summary>
    public static ImportResult Subtract(ImportResult left, ImportResult right) => left - right;
}
