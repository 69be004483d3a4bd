using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Synchronization;

/// <summary>When the server re-syncs by itself, and how much it may remove.</summary>
public sealed class SyncOptions : IValidatableObject
{
    // In a small registry a single repository is more than any share that protects a large one.
    private const int AlwaysAllowed = 5;

    /// <summary>
    /// <c>sync_interval</c>: hours from the end of one re-sync to the next, the first being at the start; 0 is never.
    /// </summary>
    [ConfigurationKeyName("sync_interval")]
    public double Hours { get; set; } = 6;

    /// <summary><c>sync_max_deletions</c>: percent of the index that a re-sync removes without being forced to; a few always, but for 0.</summary>
    [ConfigurationKeyName("sync_max_deletions")]
    public double MaxDeletions { get; set; } = 20;

    /// <summary>How many repositories of an index a re-sync removes without being forced to.</summary>
    internal double MostDeletionsOf(long total) => MaxDeletions == 0 ? 0 : Math.Max(AlwaysAllowed, total * MaxDeletions / 100);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Hours is < 0 or > 8760 or double.NaN)
            yield return new("sync_interval is in hours, 0 (never) to 8760.");
        if (MaxDeletions is < 0 or > 100 or double.NaN)
            yield return new("sync_max_deletions is in percent of the index, 0 to 100.");
    }
}

[OptionsValidator]
internal sealed partial class SyncOptionsValidator : IValidateOptions<SyncOptions>;
