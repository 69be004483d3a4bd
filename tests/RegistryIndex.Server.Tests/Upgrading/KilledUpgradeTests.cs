using Microsoft.Data.Sqlite;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>A program that is killed during the upgrade of an index leaves it unchanged, and the next program upgrades it.</summary>
public sealed class KilledUpgradeTests
{
    private const int Rows = 30_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upgrade_killed_at_any_moment_is_completed_by_the_next_start()
    {
        await using var old = await OldIndex.LoadAsync("1a5cdcc", "sqlite", "index");
        var file = old.Side["sqlite:///".Length..];
        await ExecuteAsync(file, $"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows})
            INSERT INTO repository (name, description) SELECT 'many/app-' || i, 'number ' || i FROM n;
            INSERT INTO registry_index_search SELECT id, name, name, description FROM repository WHERE name LIKE 'many/%';
            """);
        var count = (long)(await ExecuteAsync(file, "SELECT count(*) FROM repository"))!;
        var found = (await old.RunAsync("search", "--json", "app-2999")).Stdout;
        found.Should().Contain("many/app-29990");
        foreach (var moment in (string[])["Upgrading the index", "Adopted 10,000 repositories so far", "Adopted 30,000 repositories so far"])
        {
            await using var killed = RegistryIndexProcess.Start(["serve", "--urls", "http://127.0.0.1:0", .. old.Arguments]);
            await killed.WaitForAsync(moment);
            await killed.KillAsync();
            (await old.RunAsync("search", "--json", "app-2999")).Stdout.Should().Be(found);
            if ((string)(await ExecuteAsync(file, "SELECT value FROM registry_index_state WHERE name = 'schema'"))! == "3")
                break; // the upgrade was faster than the test
        }

        await using var server = await RegistryIndexProcess.ServeAsync(old.Arguments);
        using var client = new HttpClient();
        await RegistryIndex.Testing.Eventually.BeAsync(async () => (await client.GetAsync($"http://{server.Address}/readyz", Stop)).IsSuccessStatusCode);
        (await ExecuteAsync(file, "SELECT value FROM registry_index_state WHERE name = 'schema'")).Should().Be("3");
        (await ExecuteAsync(file, "SELECT count(DISTINCT id) FROM registry_index_start")).Should().Be(count);
        (await old.RunAsync("search", "--json", "app-2999")).Stdout.Should().Be(found);
    }

    private static async Task<object?> ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = new SqliteCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }
}
