using System.Globalization;
using RegistryIndex.DynamoDb;

namespace RegistryIndex.Server.Maintenance;

/// <summary>The messages of a sweep.</summary>
internal static class SweepSentences
{
    /// <summary>Says that another program also writes to the index.</summary>
    public static string OfRepaired(SweepResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Repaired:n0} repositories that a predecessor has written {(result.DryRun ? "are to be given" : "were given")} their postings again.");

    /// <summary>Says why orphans stay, and what to do.</summary>
    public static string OfWithheld(SweepResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Withheld:n0} of the {result.Postings:n0} postings are orphans, more than the {DynamoDbMaintenance.MostSwept} % that a sweep removes at once, so they stay. Check that the repository table is complete, and if it is, run `registry-index sweep --force`.");
}
