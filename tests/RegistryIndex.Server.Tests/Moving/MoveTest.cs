using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Microsoft.Data.Sqlite;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>A directory and a DynamoDB to move indexes between, with data of the Python predecessors.</summary>
public abstract class MoveTest : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private string _endpoint = "";

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected string Directory => _directory.Path;

    protected string Endpoint => _endpoint;

    public virtual async ValueTask InitializeAsync()
    {
        var server = await DynamoDbServer.GetAsync();
        if (server.Endpoint is null && !DynamoDbServer.IsRequired)
            Assert.Skip(server.WhyNot!);
        _endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
    }

    public virtual ValueTask DisposeAsync()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected string Sqlite(string file = "index.db") => $"sqlite:///{Directory}/{file}";

    protected string Dynamo(string prefix) => $"dynamodb://{prefix}?region=us-east-1&endpoint={_endpoint}";

    protected static string NewPrefix() => $"test-{Guid.NewGuid():n}";

    /// <summary>The settings of every command: keys for DynamoDB Local, and long timeouts for a busy machine.</summary>
    protected static string[] Keys =>
    [
        "--set", "extensions:dynamodb_index:access_key=test", "--set", "extensions:dynamodb_index:secret_access_key=test", "--set", "extensions:dynamodb_index:retry_timeout=120",
    ];

    protected static Task<ProcessResult> RunAsync(params string[] arguments) => RegistryIndexProcess.RunAsync([.. arguments, .. Keys]);

    /// <summary>Runs a command, which must succeed.</summary>
    protected static async Task<ProcessResult> DoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.Should().Be(0, "of {0}: {1} {2}", string.Join(' ', arguments), result.Stderr, result.Stdout);
        return result;
    }

    protected async Task ShouldBeEqualAsync(string from, string to, long repositories)
    {
        var verify = await DoAsync("verify", "--from", from, "--to", to);
        verify.Stdout.Should().BeEmpty();
        verify.Stderr.Should().Contain(string.Create(CultureInfo.InvariantCulture, $"{repositories:n0} repositories in ")).And.Contain(": 0 differ.");
    }

    /// <summary>Creates a database of docker-registry's SQLAlchemy index.</summary>
    protected async Task<string> MakeLegacyDatabaseAsync(IEnumerable<Repository> repositories, string file = "legacy.db")
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, file)};Pooling=False");
        await connection.OpenAsync(Stop);
        await ExecuteAsync("""
            CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id));
            CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
            INSERT INTO version VALUES (1);
            BEGIN;
            """);
        foreach (var repository in repositories)
            await ExecuteAsync("INSERT INTO repository (name, description) VALUES ($name, $description)", ("$name", repository.Name), ("$description", (object?)repository.Description ?? DBNull.Value));
        await ExecuteAsync("COMMIT");
        return Sqlite(file);

        async Task ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
                command.Parameters.AddWithValue(name, value);
            await command.ExecuteNonQueryAsync(Stop);
        }
    }

    /// <summary>Creates the tables of the Python DynamoDB index.</summary>
    protected async Task<string> MakeLegacyTablesAsync(IEnumerable<Repository> repositories)
    {
        var prefix = NewPrefix();
        using var client = new FaultyDynamoDb(Endpoint);
        await client.CreateTableAsync(new CreateTableRequest
        {
            TableName = $"{prefix}-repository",
            KeySchema = [new("name", Amazon.DynamoDBv2.KeyType.HASH)],
            AttributeDefinitions = [new("name", Amazon.DynamoDBv2.ScalarAttributeType.S)],
            ProvisionedThroughput = new(5, 5),
        }, Stop);
        await client.CreateTableAsync(new CreateTableRequest
        {
            TableName = $"{prefix}-version",
            KeySchema = [new("version", Amazon.DynamoDBv2.KeyType.HASH)],
            AttributeDefinitions = [new("version", Amazon.DynamoDBv2.ScalarAttributeType.N)],
            ProvisionedThroughput = new(5, 5),
        }, Stop);
        await client.PutItemAsync($"{prefix}-version", new() { ["version"] = new() { N = "1" } }, Stop);
        foreach (var batch in repositories.Chunk(25))
        {
            var writes = batch.Select(repository => new WriteRequest(new PutRequest(repository.Description is null
                ? new() { ["name"] = new(repository.Name) }
                : new() { ["name"] = new(repository.Name), ["description"] = new(repository.Description) })));
            await client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [$"{prefix}-repository"] = [.. writes] } }, Stop);
        }

        return prefix;
    }

    /// <summary>The content of all tables of a prefix, as text.</summary>
    protected async Task<List<string>> TablesAsync(string prefix, params string[] tables)
    {
        using var client = new FaultyDynamoDb(Endpoint);
        var items = new List<string>();
        foreach (var table in tables)
        {
            Dictionary<string, AttributeValue>? position = null;
            do
            {
                var page = await client.ScanAsync(new ScanRequest { TableName = $"{prefix}-{table}", ExclusiveStartKey = position }, Stop);
                items.AddRange((page.Items ?? []).Select(item => string.Join(',', item.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value.S ?? a.Value.N}"))));
                position = page.LastEvaluatedKey;
            }
            while (position is { Count: > 0 });
        }

        return items;
    }
}
