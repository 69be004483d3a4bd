using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Server.Tests.Upgrading;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The sweeps that a server runs on its own.</summary>
public sealed class ScheduledSweepTests
{
    [Theory]
    [MemberData(nameof(OldIndex.OwnInDynamoDb), MemberType = typeof(OldIndex))]
    public async Task A_scheduled_sweep_over_its_limit_removes_nothing_reports_it_and_is_retried(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name); // its postings are old enough
        await old.OpenAsync();
        const string Section = "extensions:dynamodb_index:";
        using var client = new FaultyDynamoDb(old.Settings[Section + "endpoint"]!);
        var (repositories, search) = ($"{old.Settings[Section + "database"]}-repository", $"{old.Settings[Section + "database"]}-search");
        foreach (var row in (await client.ScanAsync(new ScanRequest { TableName = repositories }, TestContext.Current.CancellationToken)).Items)
            await client.DeleteItemAsync(repositories, new() { ["name"] = row["name"] }, TestContext.Current.CancellationToken);

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(time, [.. old.Settings.Select(setting => (setting.Key, setting.Value!)), (Section + "sweep_interval", "1"), ("Logging:LogLevel:Default", "Information")]);
        var log = CollectedLog.Of(server.Services);
        const string Withheld = "The scheduled sweep failed and is retried in 01:00:00: ";
        await HoursUntilAsync(time, () => log.Lines.Any(line => line.StartsWith(Withheld, StringComparison.Ordinal)));
        log.Lines.First(line => line.StartsWith(Withheld, StringComparison.Ordinal)).Should().Contain("postings are orphans, more than the 20 % that a sweep removes at once, so they stay.").And.Contain("`registry-index sweep --force`");
        (await CountAsync(client, search)).Should().BePositive();
        (await server.Client.GetFromJsonAsync<JsonNode>("/readyz"))!["problem"]!.GetValue<string>().Should().StartWith("The scheduled sweep fails: ").And.Contain("postings are orphans, more than the 20 %");

        await HoursUntilAsync(time, () => log.Lines.Count(line => line.StartsWith(Withheld, StringComparison.Ordinal)) > 1);
        (await old.RunAsync("sweep", "--force")).ExitCode.Should().Be(0);
        await HoursUntilAsync(time, () => log.Lines.Contains("Swept 0 orphans of 0 postings"));
        (await server.Client.GetFromJsonAsync<JsonNode>("/readyz"))!["problem"].Should().BeNull();
    }

    private static Task HoursUntilAsync(FakeTimeProvider time, Func<bool> condition) => Eventually.BeAsync(() =>
    {
        time.Advance(TimeSpan.FromHours(1));
        return Task.FromResult(condition());
    });

    private static async Task<int?> CountAsync(FaultyDynamoDb client, string table) =>
        (await client.ScanAsync(new ScanRequest { TableName = table, Select = "COUNT" }, TestContext.Current.CancellationToken)).Count;
}
