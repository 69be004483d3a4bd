using System.Globalization;
using RegistryIndex.DynamoDb;

namespace RegistryIndex.Server.Maintenance;

/// <summary>What a sweep has to say.</summary>
internal static class SweepSentences
{
    /// <summary>Says that somebody else writes as well.</summary>
    public static string OfRepaired(SweepResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Repaired:n0} repositories that a predecessor has written {(result.DryRun ? "are to be given" : "were given")} their postings anew.");

    /// <summary>Says why orphans stay, and what to do.</summary>
    public static string OfWithheld(SweepResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Withheld:n0} of the {result.Postings:n0} postings are orphans, more than the {DynamoDbMaintenance.MostSwept} % that are removed at once; they stay. See that the repository table holds all that it should, and if it is right run `registry-index sweep --force`.");
}
