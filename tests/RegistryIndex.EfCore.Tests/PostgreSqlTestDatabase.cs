using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using RegistryIndex.Testing.PostgreSql;

namespace RegistryIndex.EfCore.Tests;

/// <summary>A PostgreSQL database for a test, which can open it several times.</summary>
internal sealed class PostgreSqlTestDatabase : IAsyncDisposable
{
    private readonly List<EfCoreRegistryIndex> _opened = [];
    private readonly PostgreSqlServer _server;

    private PostgreSqlTestDatabase(PostgreSqlServer server, string name) => (_server, Name) = (server, name);

    public string Name { get; }

    /// <summary>The URL, as SQLAlchemy writes it.</summary>
    public string Url => _server.UrlOf(Name);

    public static async Task<PostgreSqlTestDatabase> NewAsync(string options = "", PostgreSqlServer? server = null)
    {
        SkipWhereThereIsNone();
        var database = new PostgreSqlTestDatabase(server ?? await PostgreSqlServer.GetAsync(), "t" + Guid.NewGuid().ToString("n"));
        await database.AdministerAsync($"CREATE DATABASE {database.Name} {options}");
        return database;
    }

    public static void SkipWhereThereIsNone()
    {
        if (PostgreSqlServer.IsRequired && PostgreSqlServer.WhyNot is { } whyNot)
            Assert.Fail(whyNot);
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null, PostgreSqlServer.WhyNot ?? "");
    }

    public string UrlFor(string user, string password) => _server.UrlOf(Name, user, password);

    /// <summary>Opens the index as another process would, with connections of its own.</summary>
    public async Task<EfCoreRegistryIndex> OpenAsync(bool initialize = true, string? url = null, ILogger<EfCoreRegistryIndex>? logger = null)
    {
        var index = Create(url ?? Url, logger);
        _opened.Add(index);
        if (initialize)
            await index.InitializeAsync(TestContext.Current.CancellationToken);
        return index;
    }

    // Connections with the same string share a pool. Each process has a pool of its own.
    public static EfCoreRegistryIndex Create(string url, ILogger<EfCoreRegistryIndex>? logger = null) => new(
        Options.Create(new EfCoreIndexOptions { Database = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}application_name=process-{Guid.NewGuid():n}" }.WithEngines()),
        logger ?? NullLogger<EfCoreRegistryIndex>.Instance);

    /// <summary>Runs statements with plain SQL, and returns the first value of the last one's first row.</summary>
    public Task<object?> ExecuteAsync(string sql, params object?[] parameters) => ExecuteAsync(Name, sql, parameters);

    /// <summary>The same from outside the database.</summary>
    public Task<object?> AdministerAsync(string sql) => ExecuteAsync("postgres", sql);

    /// <summary>Blocks all other readers and writers until it is disposed.</summary>
    public async Task<IAsyncDisposable> HoldTablesAsync()
    {
        var connection = await ConnectAsync(Name);
        await using var command = new NpgsqlCommand("BEGIN; DO $$ DECLARE name text; BEGIN FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', name); END LOOP; END $$", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        return connection;
    }

    public async Task<List<string>> ReadAsync(string sql, params object[] parameters)
    {
        await using var connection = await ConnectAsync(Name);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        await AdministerAsync($"DROP DATABASE {Name} WITH (FORCE)");
    }

    private async Task<object?> ExecuteAsync(string database, string sql, params object?[] parameters)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = _server.Host,
            Port = _server.Port,
            Username = PostgreSqlServer.User,
            Password = PostgreSqlServer.Password,
            Database = database,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync(CancellationToken.None);
        return connection;
    }
}
