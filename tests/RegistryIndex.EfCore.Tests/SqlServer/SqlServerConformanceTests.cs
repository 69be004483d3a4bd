using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.Conformance;
using RegistryIndex.Conformance.Xunit;
using RegistryIndex.EfCore.Tests.SqlServer;
using RegistryIndex.Testing;
using Testcontainers.MsSql;

namespace RegistryIndex.EfCore.Tests.Conformance;

/// <summary>A database of its own on a real SQL Server in a container. Without a Docker engine, all tests are skipped.</summary>
public sealed class SqlServerHarness : ConformanceHarness, IAsyncLifetime
{
    private static readonly Lazy<Task<(string? ConnectionString, string? WhyNot)>> OfThisRun = new(StartAsync);
    private string? _connectionString;
    private string? _whyNot;

    public override string Name => "efcore on SQL Server";

    public override string? WhyNot(Capability capability) => capability switch
    {
        Capability.WriteCounts => "SQL Server's own counts of writes also count statements that write nothing.",
        Capability.PartialFailures or Capability.SlowStore or Capability.KnownSecret or Capability.LastingFailures => "This harness takes the whole server away, or nothing; PostgreSQL's can do more.",
        _ => null,
    };

    public async ValueTask InitializeAsync() => (_connectionString, _whyNot) = await OfThisRun.Value;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the container ends with the run

    /// <summary>Skips the test if there is no SQL Server.</summary>
    public SqlServerHarness OrSkip()
    {
        Assert.SkipWhen(_connectionString is null, _whyNot ?? "");
        return this;
    }

    public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken)
    {
        var scratch = new Scratch(_connectionString!);
        await scratch.CreateAsync();
        return scratch;
    }

    private static async Task<(string?, string?)> StartAsync()
    {
        if (SqlServerFailureTests.IsInvariant)
            return (null, "SQL Server's driver does not work in invariant mode: run without DOTNET_SYSTEM_GLOBALIZATION_INVARIANT, as ./test.sh does.");
        try
        {
            var container = new MsSqlBuilder("mcr.microsoft.com/mssql/server:2022-latest").Build();
            await container.StartAsync();
            return (container.GetConnectionString(), null);
        }
        catch (Exception error) // Build throws if there is no engine, and an engine may not be able to get the image
        {
            return (null, $"No SQL Server to test against, for which a Docker engine is needed: {error.Message.Split('\n')[0]}");
        }
    }

    private sealed class Scratch(string server) : ScratchIndex
    {
        private const string Legacy = """
            CREATE TABLE version (id INTEGER NOT NULL IDENTITY, PRIMARY KEY (id));
            CREATE TABLE repository (id INTEGER NOT NULL IDENTITY, name VARCHAR(95) COLLATE Latin1_General_100_CS_AS_SC_UTF8 NOT NULL, description VARCHAR(100) COLLATE Latin1_General_100_CS_AS_SC_UTF8 NULL, PRIMARY KEY (id), UNIQUE (name));
            SET IDENTITY_INSERT version ON; INSERT INTO version (id) VALUES (1); SET IDENTITY_INSERT version OFF;
            """;

        private readonly string _name = "t" + Guid.NewGuid().ToString("n");

        public Task<object?> CreateAsync() => ExecuteAsync("master", $"CREATE DATABASE {_name}; ALTER DATABASE {_name} SET ALLOW_SNAPSHOT_ISOLATION ON");

        // Connections with the same string share a pool. Each process has a pool of its own.
        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IRegistryIndex>(new EfCoreRegistryIndex(
            Options.Create(new EfCoreIndexOptions { Database = new SqlConnectionStringBuilder(server) { InitialCatalog = _name, ApplicationName = Guid.NewGuid().ToString("n") }.ToString() }.WithEngines()),
            NullLogger<EfCoreRegistryIndex>.Instance));

        public override Task BreakAsync(CancellationToken cancellationToken) => ExecuteAsync("master", $"ALTER DATABASE {_name} SET OFFLINE WITH ROLLBACK IMMEDIATE");

        public override Task MendAsync(CancellationToken cancellationToken) => ExecuteAsync("master", $"ALTER DATABASE {_name} SET ONLINE");

        public override async Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken)
        {
            await ExecuteAsync(_name, Legacy);
            if (rows.Any(row => row.Description?.Length > 100))
                await ExecuteAsync(_name, "ALTER TABLE repository ALTER COLUMN description VARCHAR(8000) COLLATE Latin1_General_100_CS_AS_SC_UTF8 NULL"); // an operator may have done this
            foreach (var row in rows)
                await ExecuteAsync(_name, "INSERT INTO repository (name, description) VALUES (@p0, @p1)", row.Name, row.Description);
        }

        public override async Task PlantForeignDataAsync(CancellationToken cancellationToken)
        {
            await ExecuteAsync(_name, "CREATE TABLE guests (name VARCHAR(20)); INSERT INTO guests VALUES ('repository')");
            await ExecuteAsync(_name, "CREATE VIEW guest_names AS SELECT name FROM guests");
        }

        public override async Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) =>
            await ExecuteAsync(_name, "SELECT STRING_AGG(name, ',') + CAST((SELECT COUNT(*) FROM sys.objects WHERE name IN ('guests', 'guest_names')) AS VARCHAR) FROM guest_names") is var now && now is "repository2"
                ? null
                : $"the table guests and its view hold {now}";

        public override async Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken)
        {
            await ExecuteAsync(_name, "UPDATE registry_index_state SET value = '99' WHERE name = 'schema'");
            return ("'99'", "1");
        }

        public override async ValueTask DisposeAsync() => await ExecuteAsync("master", $"ALTER DATABASE {_name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {_name}");

        private async Task<object?> ExecuteAsync(string database, string sql, params string?[] parameters)
        {
            await using var connection = new SqlConnection(new SqlConnectionStringBuilder(server) { InitialCatalog = database, Pooling = false }.ToString());
            await connection.OpenAsync(CancellationToken.None);
            await using var command = new SqlCommand(sql, connection);
            for (var i = 0; i < parameters.Length; i++)
                command.Parameters.AddWithValue($"@p{i}", (object?)parameters[i] ?? DBNull.Value);
            return await command.ExecuteScalarAsync(CancellationToken.None);
        }
    }
}

public sealed class SqlServerStoring(SqlServerHarness harness) : StoringConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerWriting(SqlServerHarness harness) : WritingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerListing(SqlServerHarness harness) : ListingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerImporting(SqlServerHarness harness) : ImportingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerFinding(SqlServerHarness harness) : FindingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerRanking(SqlServerHarness harness) : RankingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerPaging(SqlServerHarness harness) : PagingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerInitializing(SqlServerHarness harness) : InitializingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerMarks(SqlServerHarness harness) : MarksConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerSharing(SqlServerHarness harness) : SharingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerFailing(SqlServerHarness harness) : FailingConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerFacts(SqlServerHarness harness) : FactsConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerHistories(SqlServerHarness harness) : HistoriesConformance<SqlServerHarness>(harness.OrSkip());

public sealed class SqlServerSize(SqlServerHarness harness) : SizeConformance<SqlServerHarness>(harness.OrSkip())
{
    protected override ConformanceOptions Options { get; } = SlowTests.Options;
}

public sealed class SqlServerEveryCase : EveryCase<SqlServerHarness>;
