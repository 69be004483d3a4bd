using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.PostgreSql;
using RegistryIndex.EfCore.Sqlite;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>A database for a test on one of the engines that are available here.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    private readonly List<EfCoreRegistryIndex> _opened = [];

    public static TheoryData<string> Engines => ["SQLite", "PostgreSQL"];

    public abstract string Url { get; }

    public abstract Statements Statements { get; }

    /// <summary>Creates the tables of schema version 1, and folds the rows of <c>repository</c> as version 1 did, in plain SQL.</summary>
    public abstract Task MakeFormerAsync(int rows);

    public static async Task<TestDatabase> NewAsync(string engine) =>
        engine == "SQLite" ? new OnSqlite() : new OnPostgreSql(await PostgreSqlTestDatabase.NewAsync());

    /// <summary>Opens the index as another process would.</summary>
    public async Task<EfCoreRegistryIndex> OpenAsync(bool initialize = true, ILogger<EfCoreRegistryIndex>? logger = null, CancellationToken? cancellation = null)
    {
        var index = Create(logger);
        _opened.Add(index);
        if (initialize)
            await index.InitializeAsync(cancellation ?? TestContext.Current.CancellationToken);
        return index;
    }

    public abstract Task ExecuteAsync(string sql);

    /// <summary>Reads rows, with their values separated by <c>|</c>.</summary>
    public abstract Task<List<string>> ReadAsync(string sql, params object[] parameters);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
    }

    protected abstract EfCoreRegistryIndex Create(ILogger<EfCoreRegistryIndex>? logger);

    private sealed class OnSqlite : TestDatabase
    {
        private readonly SqliteTestFile _file = new();

        public override string Url => _file.Url;

        public override Statements Statements => SqliteStatements.All;

        public override async Task MakeFormerAsync(int rows)
        {
            await ExecuteAsync("PRAGMA journal_mode = WAL");
            await ExecuteAsync(SqliteStatements.LegacyTables + Statements.Steps[0].Script + $"""
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
                INSERT INTO repository (name, description) SELECT 'Team-' || (i % 97) || '/app-' || i || '/app', 'number ' || i || ' of the Shop' FROM n;
                INSERT INTO registry_index_search SELECT id, name, lower(name), lower(description) FROM repository;
                INSERT INTO registry_index_state VALUES ('mark:first-load', 'done');
                """);
        }

        public override async Task ExecuteAsync(string sql)
        {
            await using var connection = await ConnectAsync();
            await using var command = new SqliteCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        public override async Task<List<string>> ReadAsync(string sql, params object[] parameters)
        {
            await using var connection = await ConnectAsync();
            await using var command = new SqliteCommand(sql, connection);
            for (var i = 0; i < parameters.Length; i++)
                command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            var rows = new List<string>();
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
            return rows;
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _file.DisposeAsync();
        }

        protected override EfCoreRegistryIndex Create(ILogger<EfCoreRegistryIndex>? logger) => SqliteTestFile.Create(Url, logger);

        private async Task<SqliteConnection> ConnectAsync()
        {
            var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return connection;
        }
    }

    private sealed class OnPostgreSql(PostgreSqlTestDatabase database) : TestDatabase
    {
        public override string Url => database.Url;

        public override Statements Statements => PostgreSqlStatements.All;

        public override async Task MakeFormerAsync(int rows)
        {
            await database.ExecuteAsync(PostgreSqlStatements.LegacyTables + Statements.Steps[0].Script + $"""
                INSERT INTO repository (name, description) SELECT 'Team-' || (i % 97) || '/app-' || i || '/app', 'number ' || i || ' of the Shop' FROM generate_series(1, {rows}) AS i;
                INSERT INTO registry_index_search SELECT id, name, lower(name), lower(description) FROM repository;
                INSERT INTO registry_index_state VALUES ('mark:first-load', 'done');
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE INDEX registry_index_trigram_name ON registry_index_search USING gin (folded_name gin_trgm_ops);
                CREATE INDEX registry_index_trigram_description ON registry_index_search USING gin (folded_description gin_trgm_ops);
                """);
        }

        public override Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

        public override Task<List<string>> ReadAsync(string sql, params object[] parameters) => database.ReadAsync(sql, parameters);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await database.DisposeAsync();
        }

        protected override EfCoreRegistryIndex Create(ILogger<EfCoreRegistryIndex>? logger) => PostgreSqlTestDatabase.Create(Url, logger);
    }
}
