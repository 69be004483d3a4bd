namespace RegistryIndex;

/// <summary>What writes to an index are billed, told without writing anything.</summary>
/// <remarks>Optional: a provider whose store bills by the write adds it to the container beside <see cref="IRegistryIndex"/>. Thread-safe.</remarks>
public interface IWriteCost
{
    /// <summary>US dollars for a million of the units that are billed.</summary>
    decimal DollarsPerMillionUnits { get; }

    /// <summary>By which tariff, as the end of a sentence, such as "on demand in us-east-1".</summary>
    string Tariff { get; }

    /// <summary>The setting that limits the units a second, as it is written in the configuration.</summary>
    string LimitSetting { get; }

    /// <summary>What it costs to write a repository.</summary>
    /// <param name="repository">The repository as it is to be.</param>
    /// <param name="before">The repository as it is; null where it is new.</param>
    WriteEstimate Estimate(Repository repository, Repository? before);
}

/// <summary>What writes are estimated to be.</summary>
/// <param name="Items">How many items they put.</param>
/// <param name="WriteUnits">How many units are billed for them.</param>
public sealed record WriteEstimate(long Items, double WriteUnits)
{
    /// <summary>What the units cost, in US dollars.</summary>
    /// <param name="cost">The tariff.</param>
    public decimal ToDollars(IWriteCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return (decimal)WriteUnits * cost.DollarsPerMillionUnits / 1_000_000m;
    }

    /// <summary>Adds up two estimates.</summary>
    public static WriteEstimate operator +(WriteEstimate left, WriteEstimate right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Items + right.Items, left.WriteUnits + right.WriteUnits);
    }

    /// <summary>The sum, for languages without operators.</summary>
    public static WriteEstimate Add(WriteEstimate left, WriteEstimate right) => left + right;
}
