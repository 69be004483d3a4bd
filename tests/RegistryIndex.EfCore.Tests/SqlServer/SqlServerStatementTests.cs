using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using RegistryIndex.EfCore.SqlServer;
using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests.SqlServer;

/// <summary>
/// All statements of the provider for SQL Server, parsed with SQL Server's own grammar and kept in Snapshots/, one file each, so
/// that a change is visible in a review. REGISTRYINDEX_UPDATE_SNAPSHOTS=1 writes the files again.
/// </summary>
public sealed class SqlServerStatementTests
{
    private static readonly string Folder = Checkout.PathOf("tests", "RegistryIndex.EfCore.Tests", "SqlServer", "Snapshots");
    private static readonly bool Updates = Environment.GetEnvironmentVariable("REGISTRYINDEX_UPDATE_SNAPSHOTS") == "1";

    private static readonly SortedDictionary<string, string> Statements = new(Read().ToDictionary(one => one.Name, one => one.Sql), StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Statements.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_statement_is_valid_T_SQL_and_equals_its_reviewed_snapshot(string name)
    {
        var sql = Statements[name];
        foreach (var parser in (TSqlParser[])[new TSql150Parser(initialQuotedIdentifiers: true), new TSql170Parser(initialQuotedIdentifiers: true)])
        {
            parser.Parse(new StringReader(sql), out var errors);
            errors.Select(error => $"line {error.Line}, column {error.Column}: {error.Message}").Should().BeEmpty("of {0}", sql);
        }

        var file = Path.Combine(Folder, name + ".sql");
        if (Updates)
            File.WriteAllText(file, sql);
        File.Exists(file).Should().BeTrue($"there is a reviewed snapshot {name}.sql");
        sql.Should().Be(File.ReadAllText(file));
    }

    [Fact]
    public void Every_snapshot_belongs_to_a_statement() =>
        Directory.EnumerateFiles(Folder).Select(Path.GetFileNameWithoutExtension).Should().BeEquivalentTo(Statements.Keys);

    private static IEnumerable<(string Name, string Sql)> Read()
    {
        var database = (SqlServerDatabase)Opening.Databases.Open(new EfCoreIndexOptions { Database = "mssql://sa:secret@127.0.0.1:1/registry" }.WithEngines(), new Lines());
        foreach (var property in typeof(Engines.Statements).GetProperties().Where(property => property.PropertyType == typeof(string)))
            yield return Named("statement-" + property.Name, (string)property.GetValue(SqlServerStatements.All)!);
        foreach (var (name, sql) in new (string, string)[]
        {
            ("check-collation", SqlServerStatements.HasCollation), ("check-snapshots", SqlServerStatements.HasSnapshots),
            ("lock-to-write", SqlServerStatements.TakeWriteLock), ("lock-to-read", SqlServerStatements.TakeReadLock),
            ("schema-1-legacy-tables", SqlServerStatements.LegacyTables), ("schema-2-widen", SqlServerStatements.Widen),
        })
            yield return Named(name, sql);
        foreach (var (step, i) in SqlServerStatements.All.Steps.Select((step, i) => (step, i)))
        {
            yield return Named($"schema-3-step-{i + 1}", step.Script);
            if (step.LastScript is { } last)
                yield return Named($"schema-4-step-{i + 1}-last", last);
        }

        foreach (var (name, query, after) in new (string, string, RankKey?)[]
        {
            ("word", "web", null), ("one-character", "w", null), ("words", "web shop a", null),
            ("word-after", "web", new(2, "web/x", "team/web/x")), ("start-after", "web", new(1, "web/x", "team/web/x")), ("start-words-after", "shop web", new(1, "web/x", "team/web/x")), ("description-after", "web", new(3, "website", "team/x")), ("every-after", "", new(0, "", "team/x")),
        })
        {
            SqlServerSearch Search() => new(database, SearchQuery.Parse(query), after, limit: 26);
            var isEvery = query.Length == 0;
            if (!isEvery && after is not { Tier: > 1 })
                yield return Named($"search-{name}-at-starts", Search().AtStarts().Sql);
            if (name.StartsWith("start-", StringComparison.Ordinal))
                continue;
            if (after is null && !isEvery)
            {
                yield return Named($"search-{name}-in-names-not-at-starts", Search().InNames(Engines.Names.NotAtStarts).Sql);
                yield return Named($"search-{name}-in-names-without-starts", Search().InNames(Engines.Names.WithoutStarts).Sql);
            }

            if (after is not { Tier: 3 })
                yield return Named($"search-{name}{(isEvery ? "" : "-in-names")}", (isEvery ? Search().All() : Search().InNames()).Sql);
            if (!isEvery && query.Length > 1)
                yield return Named($"search-{name}-in-descriptions", Search().InDescriptions().Sql);
        }

        foreach (var (name, after) in new (string, RankKey?)[] { ("push", null), ("push-after", PushOrder.KeyOf(new("team/x", null, new() { PushedAt = DateTimeOffset.UnixEpoch }))) })
        {
            SqlServerSearch Search() => new(database, SearchQuery.Parse(""), after, limit: 26);
            yield return Named($"search-{name}", Search().Pushed().Sql);
            yield return Named($"search-{name}-unknown", Search().Unpushed().Sql);
        }

        yield return Named("statement-FindFactsOrphans", Engines.Statements.FindFactsOrphans);
        yield return Named("statement-DropFactsOrphans", Engines.Statements.DropFactsOrphans);

        using var db = database.Open();
        yield return Named("ef-read-mark", db.State.Where(row => row.Name == "mark:first-load").Select(row => row.Value).ToQueryString());
        yield return Named("ef-find-unfolded", db.Repositories.FromSqlRaw(SqlServerStatements.All.FindUnfolded, 7).OrderBy(row => row.Id).Take(1_000).ToQueryString()
            .Replace("DECLARE p0", "DECLARE @p0", StringComparison.Ordinal)); // ToQueryString omits the sign only in its output
    }

    private static (string Name, string Sql) Named(string name, string sql)
    {
        var text = new StringBuilder(sql);
        for (var i = 0; i < 12; i++)
            text.Replace($"{{{i}}}", $"@p{i}");
        return (name, text.Replace("{{", "{").Replace("}}", "}").Replace("\r", "").ToString().Trim() + "\n");
    }
}
