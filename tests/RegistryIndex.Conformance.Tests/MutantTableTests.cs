using System.Text;
using RegistryIndex.Conformance.Tests.Mutants;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests;

/// <summary>docs/conformance-mutants.md lists what the kit finds. REGISTRYINDEX_UPDATE_SNAPSHOTS=1 writes the file again.</summary>
public sealed class MutantTableTests
{
    private static readonly string Path = Checkout.PathOf("docs", "conformance-mutants.md");

    [Fact]
    public async Task The_table_of_wrong_providers_shows_their_results()
    {
        var found = new HashSet<Mutant>();
        foreach (var mutant in Mutant.All)
        {
            if ((await MutantRuns.OfAsync(mutant)).Result.Outcome == CaseOutcome.Fail)
                found.Add(mutant);
        }

        var table = Table(found);
        if (Environment.GetEnvironmentVariable("REGISTRYINDEX_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(Path, table, TestContext.Current.CancellationToken);
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").Should().Be(table, "REGISTRYINDEX_UPDATE_SNAPSHOTS=1 writes it again");
    }

    private static string Table(HashSet<Mutant> found)
    {
        var page = new StringBuilder("""
            # What the conformance kit finds

            The kit is tested with wrong providers. Each breaks one promise of the contract in a way that a real author might. A test runs each with the case
            that must find it, and writes this page. A provider that does nothing fails every case.

            | Topic | Cases | Wrong providers | Found |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        var topics = ConformanceSuite.Cases.GroupBy(one => one.Topic).ToList();
        foreach (var topic in topics)
            page.Append(Row(topic.Key, topic.Count(), [.. topic.SelectMany(Of)]));
        page.Append(Row("**All**", ConformanceSuite.Cases.Count, Mutant.All));
        foreach (var topic in topics)
        {
            page.Append($"\n## {topic.Key}\n\n| Case | Contract | A provider that … |\n|---|---|---|\n");
            foreach (var one in topic)
                page.Append($"| `{one.Id}` | {string.Join(", ", one.Clauses)} | {string.Join("; ", Of(one).Select(mutant => mutant.Does))} |\n");
        }

        return page.ToString();

        static IEnumerable<Mutant> Of(ConformanceCase one) => Mutant.All.Where(mutant => mutant.Case == one.Id);

        string Row(string topic, int cases, IReadOnlyList<Mutant> mutants) => $"| {topic} | {cases} | {mutants.Count} | {mutants.Count(found.Contains)} |\n";
    }
}
