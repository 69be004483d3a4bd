using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Synchronization;

/// <summary>When the server re-syncs on its own, and how much a re-sync may remove.</summary>
public sealed class SyncOptions : IValidatableObject
{
    // In a small registry, a single repository exceeds any share that protects a large registry.
    private const int AlwaysAllowed = 5;

    /// <summary>
    /// <c>sync_interval</c>: hours from the end of one re-sync to the next; the first is at the start. 0 is never.
    /// </summary>
    [ConfigurationKeyName("sync_interval")]
    public double Hours { get; set; } = 6;

    /// <summary>
    /// <c>sync_max_deletions</c>: percent of the index that a re-sync may remove without force; up to five repositories always, unless this
    /// is 0.
    /// </summary>
    [ConfigurationKeyName("sync_max_deletions")]
    public double MaxDeletions { get; set; } = 20;

    /// <summary>How many repositories of an index a re-sync may remove without force.</summary>
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
