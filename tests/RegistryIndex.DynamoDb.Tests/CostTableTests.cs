using System.Globalization;
using System.Text.RegularExpressions;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The rows of the cost table in docs/dynamodb.md, except searches: the real cost is not higher, and not much lower.</summary>
public sealed partial class CostTableTests
{
    private const string Name = "platform/billing-inbox";

    private static readonly string Long = ("Receives invoices by mail and over the web, reads amounts, dates and tax numbers from scans, asks every requester to approve them, books each payment to its cost centre, "
        + "warns before a discount runs out, keeps originals for ten years as the law wants it, and exports every quarter to auditors, who look at a sample and question what seems odd to them. Ask finance first.")[..350];

    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task Long_descriptions_and_deletions_cost_what_the_table_says()
    {
        (Name.Length, Long.Length).Should().Be((22, 350));
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await CheckAsync(tables, "a new repository, description of 350 characters", () => index.UpsertAsync(new(Name, Long), Stop));
        await CheckAsync(tables, "ten characters of such a description changed, at its end", () => index.UpsertAsync(new(Name, Long[..^10] + "each hour."), Stop));
        await index.UpsertAsync(new(Name, "Receives invoices by mail and files them for the accountants"), Stop);
        await CheckAsync(tables, "deletion of a repository, description of 60 characters", () => index.DeleteAsync(Name, Stop));
    }

    [Fact]
    public async Task Sweeps_and_rebuilds_cost_what_the_table_says()
    {
        const int Repositories = 200; // a fifth of the number in the table
        await using var tables = await TestIndexes.NewAsync();
        var index = tables.New(lease: Eventually.Limit); // a lease that is never renewed, because renewals cost units
        await index.InitializeAsync(Stop);
        await index.ImportAsync(
            Enumerable.Range(0, Repositories).Select(number => new Repository($"platform/{number:d3}-mail-inbox", $"Receives invoices {number:d3} by mail and files them for accountants")).ToAsyncEnumerable(), cancellationToken: Stop);
        await CheckAsync(tables, "`sweep` of 1,000 repositories", () => index.SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: false, null, Stop), Repositories / 1000.0);
        await CheckAsync(tables, "`rebuild` of 1,000 repositories", () => index.RebuildAsync(null, Stop), Repositories / 1000.0);
    }

    private static async Task CheckAsync(TestIndexes tables, string call, Func<Task> run, double share = 1)
    {
        var billed = await CostTests.CostAsync(tables, run);
        var row = File.ReadLines(Checkout.PathOf("docs", "dynamodb.md")).Single(line => line.StartsWith($"| {call}", StringComparison.Ordinal)).Split('|');
        var said = new Units(NumberIn(row[2]) * share, NumberIn(row[3]) * share);
        billed.Should().Match<Units>(
            units => units.Read <= said.Read && units.Write <= said.Write && units.Read >= said.Read * 0.7 && units.Write >= said.Write * 0.7, "the table says {0} of {1}", said, call);
    }

    private static double NumberIn(string cell) => Number().Match(cell) is { Success: true } number ? double.Parse(number.Value, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\d[\d,.]*")]
    private static partial Regex Number();
}
