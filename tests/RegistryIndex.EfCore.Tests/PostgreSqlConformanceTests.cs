using RegistryIndex.Conformance;
using RegistryIndex.Conformance.Xunit;
using RegistryIndex.Testing;
using RegistryIndex.Testing.PostgreSql;

namespace RegistryIndex.EfCore.Tests.Conformance;

/// <summary>A database of its own on a real PostgreSQL, which several processes open.</summary>
public sealed class PostgreSqlHarness : ConformanceHarness
{
    public override string Name => "efcore on PostgreSQL";

    public override string? WhyNot(Capability capability) => capability == Capability.PartialFailures
        ? "Nothing is between the index and its server that could count requests."
        : null;

    /// <summary>Skips the test if there is no PostgreSQL.</summary>
    public PostgreSqlHarness OrSkip()
    {
        PostgreSqlTestDatabase.SkipWhereThereIsNone();
        return this;
    }

    public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => new Scratch(await PostgreSqlTestDatabase.NewAsync());

    /// <summary>The operations of the kit's harness on a database, in plain SQL.</summary>
    private sealed class Scratch(PostgreSqlTestDatabase database) : ScratchIndex
    {
        private const string CountWrites = """
            CREATE SEQUENCE writes;
            CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('writes'); RETURN NULL; END $$;
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                    EXECUTE format('CREATE TRIGGER count_write AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION count_write()', name);
                END LOOP;
            END $$;
            SELECT nextval('writes');
            """;

        private bool _counts;
        private bool _isAway;
        private IAsyncDisposable? _holding;

        private string Away => database.Name + "_away";

        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IRegistryIndex>(PostgreSqlTestDatabase.Create(database.Url));

        public override async Task BreakAsync(CancellationToken cancellationToken)
        {
            await database.AdministerAsync($"ALTER DATABASE {database.Name} ALLOW_CONNECTIONS false");
            await database.AdministerAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database.Name}'");
        }

        /// <summary>Renames the database, so that it does not exist.</summary>
        public override async Task BreakForGoodAsync(CancellationToken cancellationToken)
        {
            await BreakAsync(cancellationToken);
            await database.AdministerAsync($"ALTER DATABASE {database.Name} RENAME TO {Away}");
            _isAway = true;
        }

        /// <summary>Locks all tables in a transaction.</summary>
        public override async Task HoldAsync(CancellationToken cancellationToken) => _holding = await database.HoldTablesAsync();

        public override string Secret => PostgreSqlServer.Password;

        public override async Task MendAsync(CancellationToken cancellationToken)
        {
            if (_holding is not null)
                await _holding.DisposeAsync();
            _holding = null;
            if (_isAway)
                await database.AdministerAsync($"ALTER DATABASE {Away} RENAME TO {database.Name}");
            _isAway = false;
            await database.AdministerAsync($"ALTER DATABASE {database.Name} ALLOW_CONNECTIONS true");
        }

        /// <summary>Triggers count each statement that writes, in a sequence, which a rollback does not reset.</summary>
        public override async Task<long> CountWritesAsync(CancellationToken cancellationToken)
        {
            if (!_counts)
                await database.ExecuteAsync(CountWrites);
            _counts = true;
            return (long)(await database.ExecuteAsync("SELECT last_value FROM writes"))!;
        }

        public override async Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken)
        {
            await database.ExecuteAsync(LegacyPostgreSql.Schema);
            if (rows.Any(row => row.Description?.Length > LegacyPostgreSql.DescriptionLength))
                await database.ExecuteAsync("ALTER TABLE repository ALTER COLUMN description TYPE TEXT"); // an operator may have done this
            foreach (var row in rows)
                await database.ExecuteAsync("INSERT INTO repository (name, description) VALUES ($1, $2)", row.Name, row.Description);
        }

        public override Task PlantForeignDataAsync(CancellationToken cancellationToken) =>
            database.ExecuteAsync("CREATE TABLE guests (name TEXT); INSERT INTO guests VALUES ('repository'); CREATE VIEW guest_names AS SELECT name FROM guests");

        public override async Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) =>
            await database.ExecuteAsync("SELECT string_agg(name, ',') || (SELECT count(*) FROM pg_class WHERE relname IN ('guests', 'guest_names')) FROM guest_names") is var now && now is "repository2"
                ? null
                : $"the table guests and its view hold {now}";

        public override async Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken)
        {
            await database.ExecuteAsync("UPDATE registry_index_state SET value = '99' WHERE name = 'schema'");
            return ("'99'", "1");
        }

        public override async ValueTask DisposeAsync()
        {
            await MendAsync(CancellationToken.None); // if a case failed before it did so
            await database.DisposeAsync();
        }
    }
}

public sealed class PostgreSqlStoring(PostgreSqlHarness harness) : StoringConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlWriting(PostgreSqlHarness harness) : WritingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlListing(PostgreSqlHarness harness) : ListingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlImporting(PostgreSqlHarness harness) : ImportingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlFinding(PostgreSqlHarness harness) : FindingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlRanking(PostgreSqlHarness harness) : RankingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlPaging(PostgreSqlHarness harness) : PagingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlInitializing(PostgreSqlHarness harness) : InitializingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlMarks(PostgreSqlHarness harness) : MarksConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlSharing(PostgreSqlHarness harness) : SharingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlFailing(PostgreSqlHarness harness) : FailingConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlFacts(PostgreSqlHarness harness) : FactsConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlHistories(PostgreSqlHarness harness) : HistoriesConformance<PostgreSqlHarness>(harness.OrSkip());

public sealed class PostgreSqlSize(PostgreSqlHarness harness) : SizeConformance<PostgreSqlHarness>(harness.OrSkip())
{
    protected override ConformanceOptions Options { get; } = SlowTests.Options;
}

public sealed class PostgreSqlEveryCase : EveryCase<PostgreSqlHarness>;

/// <summary>The tables of docker-registry's SQLAlchemy index on PostgreSQL.</summary>
internal static class LegacyPostgreSql
{
    public const int DescriptionLength = 100;

    public const string Schema = """
        CREATE TABLE version (id SERIAL NOT NULL, PRIMARY KEY (id));
        CREATE TABLE repository (id SERIAL NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
        INSERT INTO version VALUES (1);
        """;
}
