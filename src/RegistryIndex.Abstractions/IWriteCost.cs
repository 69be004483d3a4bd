namespace RegistryIndex;

/// <summary>Estimates the cost of writes to an index without writing.</summary>
/// <remarks>Optional: a provider whose store bills by the write adds it to the container beside <see cref="IRegistryIndex"/>. Thread-safe.</remarks>
public interface IWriteCost
{
    /// <summary>The price of a million billed units, in US dollars.</summary>
    decimal DollarsPerMillionUnits { get; }

    /// <summary>The tariff, as the end of a sentence, such as "on demand in us-east-1".</summary>
    string Tariff { get; }

    /// <summary>The setting that limits the units per second, as written in the configuration.</summary>
    string LimitSetting { get; }

    /// <summary>Estimates the cost of writing a repository.</summary>
    /// <param name="repository">The repository after the write.</param>
    /// <param name="before">The repository before the write; null if it is new.</param>
    WriteEstimate Estimate(Repository repository, Repository? before);
}

/// <summary>The estimated cost of writes.</summary>
/// <param name="Items">The number of items written.</param>
/// <param name="WriteUnits">The number of units billed.</param>
public sealed record WriteEstimate(long Items, double WriteUnits)
{
    /// <summary>Returns the price of the units, in US dollars.</summary>
    /// <param name="cost">The tariff.</param>
    public decimal ToDollars(IWriteCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return (decimal)WriteUnits * cost.DollarsPerMillionUnits / 1_000_000m;
    }

    /// <summary>Adds two estimates.</summary>
    public static WriteEstimate operator +(WriteEstimate left, WriteEstimate right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Items + right.Items, left.WriteUnits + right.WriteUnits);
    }

    /// <summary>Adds two estimates, for languages without operators.</summary>
    public static WriteEstimate Add(WriteEstimate left, WriteEstimate right) => left + right;
}
