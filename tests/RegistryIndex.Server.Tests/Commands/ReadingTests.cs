using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Microsoft.Data.Sqlite;
using Npgsql;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>Commands that only read create nothing, and commands that need an existing index do not create one, with every provider.</summary>
public sealed class ReadingTests : IDisposable
{
    private static readonly string[] Sample = ["--storage-path", Checkout.PathOf("samples", "registry")];
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    [InlineData("dynamodb")]
    [InlineData("mirror")]
    [InlineData("plug-in")]
    public async Task Commands_that_read_report_a_missing_index_and_do_not_create_it(string provider)
    {
        var place = await PlaceAsync(provider);
        foreach (var command in (string[][])[["search", "app"], ["status"], ["status", "--json"], ["export"], ["delete", "team/app"]])
        {
            var result = await RegistryIndexProcess.RunAsync([.. command, .. place.Arguments]);
            result.ExitCode.Should().Be(1, "of {0}", command[0]);
            result.Stdout.Should().BeEmpty();
            result.Stderr.Should().Be($"registry-index: No index exists at {place.Location}; 'registry-index serve', 'load', 'sync' and 'import' create one.\n");
        }

        var dryRun = await RegistryIndexProcess.RunAsync(["sync", "--dry-run", .. Sample, .. place.Arguments]);
        dryRun.ExitCode.Should().Be(0, dryRun.Stderr);
        dryRun.Stdout.Should().Contain("+ team/shop/web");
        (await place.ContentAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    [InlineData("dynamodb")]
    [InlineData("mirror")]
    [InlineData("plug-in")]
    public async Task Commands_that_read_do_not_change_the_index(string provider)
    {
        var place = await PlaceAsync(provider);
        (await RegistryIndexProcess.RunWithInputAsync("team/app\tThe app\nteam/web\tA shop\n", ["import", "-", .. place.Arguments])).ExitCode.Should().Be(0);
        var before = await place.ContentAsync();
        before.Should().NotBeEmpty();
        (await RunAsync("search", "app")).Should().Be("team/app\tThe app\n");
        (await RunAsync("status")).Should().Contain("repositories  2").And.Contain($"location      {place.Location}");
        (await RunAsync("export", "-f", "tsv")).Should().Be("team/app\tThe app\nteam/web\tA shop\n");
        (await RunAsync(["sync", "--dry-run", "--force", .. Sample])).Should().Contain("- team/app").And.Contain("+ team/shop/web");
        (await place.ContentAsync()).Should().Equal(before);
        (await RunAsync("delete", "team/app")).Should().Be("Deleted team/app.\n");
        (await RunAsync("search", "app")).Should().BeEmpty();

        async Task<string> RunAsync(params string[] command)
        {
            var result = await RegistryIndexProcess.RunAsync([.. command, .. place.Arguments]);
            result.ExitCode.Should().Be(0, result.Stderr);
            return result.Stdout;
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    [InlineData("dynamodb")]
    [InlineData("mirror")]
    public async Task The_option_lists_the_last_push_first(string provider)
    {
        var place = await PlaceAsync(provider);
        (await RegistryIndexProcess.RunWithInputAsync(
            """
            {"name":"b/never"}
            {"name":"c/old","facts":{"tag":"1","pushed_at":"2026-01-01T00:00:00Z"}}
            {"name":"d/new","facts":{"tag":"1","pushed_at":"2026-05-01T00:00:00.001Z"}}
            {"name":"a/new","facts":{"tag":"1","pushed_at":"2026-05-01T00:00:00Z"}}
            {"name":"a/never","facts":{"tag":"1"}}

            """,
            ["import", "-", .. place.Arguments])).ExitCode.Should().Be(0);
        (await RunAsync("--sort", "pushed")).Stdout.Should().Be("d/new\t\na/new\t\nc/old\t\na/never\t\nb/never\t\n");
        (await RunAsync("--sort", "pushed", "-n", "2")).Stdout.Should().Be("d/new\t\na/new\t\n");
        (await RunAsync()).Stdout.Should().Be("a/never\t\na/new\t\nb/never\t\nc/old\t\nd/new\t\n");
        var json = await RunAsync("--sort", "pushed", "-n", "1", "--json");
        JsonNode.Parse(json.Stdout)!["results"]![0]!["facts"]!["pushed_at"]!.GetValue<DateTimeOffset>().Should().Be(new(2026, 5, 1, 0, 0, 0, 1, TimeSpan.Zero));
        var words = await RegistryIndexProcess.RunAsync(["search", "new", "--sort", "pushed", .. place.Arguments]);
        words.ExitCode.Should().Be(2);
        words.Stderr.Should().Contain("without words").And.NotContain("   at ");

        async Task<ProcessResult> RunAsync(params string[] more)
        {
            var result = await RegistryIndexProcess.RunAsync(["search", .. more, .. place.Arguments]);
            result.ExitCode.Should().Be(0, result.Stderr);
            return result;
        }
    }

    [Fact]
    public async Task A_provider_without_the_order_by_push_refuses_it_in_one_sentence()
    {
        var place = await PlaceAsync("plug-in");
        (await RegistryIndexProcess.RunWithInputAsync("team/app\tThe app\n", ["import", "-", .. place.Arguments])).ExitCode.Should().Be(0);
        var result = await RegistryIndexProcess.RunAsync(["search", "--sort", "pushed", .. place.Arguments]);
        result.ExitCode.Should().Be(2);
        result.Stdout.Should().BeEmpty();
        result.Stderr.Should().Be("registry-index: An index of the provider 'acme-files' does not support the order by last push: search without that order.\n");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_predecessors_database_is_read_and_not_adopted(string provider)
    {
        var place = await PlaceAsync(provider);
        await place.ExecuteAsync("""
            CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id)); INSERT INTO version VALUES (1);
            CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
            INSERT INTO repository VALUES (1, 'team/app', 'The app'), (2, 'team/web', 'A shop'), (3, 'app', NULL);
            """);
        var before = await place.ContentAsync();
        (await RegistryIndexProcess.RunAsync(["search", "APP", .. place.Arguments])).Stdout.Should().Be("app\t\nteam/app\tThe app\n");
        (await RegistryIndexProcess.RunAsync(["status", .. place.Arguments])).Stdout.Should().Contain("repositories  3").And.Contain("first load    not needed");
        (await RegistryIndexProcess.RunAsync(["export", "-f", "tsv", .. place.Arguments])).Stdout.Should().Be("app\nteam/app\tThe app\nteam/web\tA shop\n");
        (await place.ContentAsync()).Should().Equal(before);

        // A command that writes adopts the index, even after it was only read before.
        (await RegistryIndexProcess.RunAsync(["delete", "app", .. place.Arguments])).Stdout.Should().Be("Deleted app.\n");
        (await place.ContentAsync()).Should().NotEqual(before);
        (await RegistryIndexProcess.RunAsync(["search", "APP", .. place.Arguments])).Stdout.Should().Be("team/app\tThe app\n");
    }

    [Theory]
    [InlineData("load", "No storage is configured")]
    [InlineData("load --storage-path /no/such/directory", "The directory '/no/such/directory' does not exist")]
    [InlineData("sync", "No registry is configured")]
    [InlineData("sync --storage-path /no/such/directory", "The directory '/no/such/directory' does not exist")]
    [InlineData("sync --registry http://127.0.0.1:1", "http://127.0.0.1:1")]
    [InlineData("import /no/such/file", "/no/such/file")]
    [InlineData("sweep", "sweep is only for an index in DynamoDB")]
    [InlineData("rebuild", "rebuild is only for an index in DynamoDB")]
    public async Task A_command_that_fails_before_its_work_creates_no_index(string command, string problem)
    {
        var place = await PlaceAsync("sqlite");
        var result = await RegistryIndexProcess.RunAsync([.. command.Split(' '), .. place.Arguments]);
        result.ExitCode.Should().BeOneOf(1, 2);
        result.Stderr.Should().Contain(problem).And.NotContain("   at ");
        (await place.ContentAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("migrate --dry-run")]
    [InlineData("migrate")]
    public async Task A_comparison_with_a_missing_index_does_not_create_it(string command)
    {
        string[] sides = ["--from", $"sqlite:///{_directory.Path}/a/one.db", "--to", $"sqlite:///{_directory.Path}/b/two.db"];
        var result = await RegistryIndexProcess.RunAsync([.. command.Split(' '), .. sides]);
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().StartWith("registry-index: the index 'sqlite:///").And.Contain("' does not exist; name an existing one.");
        (await FilesAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("sweep")]
    [InlineData("sweep --dry-run")]
    [InlineData("rebuild")]
    public async Task Maintenance_without_tables_is_an_error(string command)
    {
        var place = await PlaceAsync("dynamodb");
        var result = await RegistryIndexProcess.RunAsync([.. command.Split(' '), .. place.Arguments]);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().StartWith($"registry-index: No index exists at {place.Location};");
        (await place.ContentAsync()).Should().BeEmpty();
    }

    private async Task<Place> PlaceAsync(string provider)
    {
        var file = Path.Combine(_directory.Path, "data", "index.db");
        switch (provider)
        {
            case "sqlite":
                return new(["--database", $"sqlite:///{file}"], file, FilesAsync, sql => ExecuteInSqliteAsync(file, sql));
            case "mirror":
                string[] sides = ["--set", $"mirror:primary=sqlite:///{file}", "--set", $"mirror:secondary=sqlite:///{file}.second"];
                return new(["--search-backend", "mirror", .. sides], file, FilesAsync);
            case "plug-in":
                return new(["--search-backend", "Acme.RegistryIndex.Files", "--set", $"acme_files_directory={Path.GetDirectoryName(file)}"], Path.GetDirectoryName(file)!, FilesAsync);
            case "postgresql":
                return await PostgreSqlAsync();
            default:
                return await DynamoDbAsync();
        }
    }

    private Task<List<string>> FilesAsync() => Task.FromResult(Directory.EnumerateFileSystemEntries(_directory.Path, "*", SearchOption.AllDirectories)
        .Select(file => Directory.Exists(file) ? file : $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}").Order(StringComparer.Ordinal).ToList());

    private static async Task ExecuteInSqliteAsync(string file, string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<Place> PostgreSqlAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        var server = await PostgreSqlServer.GetAsync();
        var database = $"read_{Guid.NewGuid():n}";
        await ReadAsync("postgres", $"CREATE DATABASE {database}");
        return new(["--database", server.UrlOf(database)], $"postgresql://{server.Host}:{server.Port}/{database}", ContentAsync, sql => ReadAsync(database, sql));

        // All tables, indexes and extensions, and how often rows were written.
        Task<List<string>> ContentAsync() => ReadAsync(database, """
            SELECT relname || ' ' || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
            UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            ORDER BY 1
            """);

        async Task<List<string>> ReadAsync(string name, string sql)
        {
            await using var connection = new NpgsqlConnection($"Host={server.Host};Port={server.Port};Username={PostgreSqlServer.User};Password={PostgreSqlServer.Password};Database={name};Pooling=false");
            await connection.OpenAsync(Stop);
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(Stop);
            var rows = new List<string>();
            while (await reader.ReadAsync(Stop))
                rows.Add(reader.GetString(0));
            return rows;
        }
    }

    private static async Task<Place> DynamoDbAsync()
    {
        var server = await DynamoDbServer.GetAsync();
        Assert.SkipWhen(server.Endpoint is null && !DynamoDbServer.IsRequired, server.WhyNot ?? "");
        var prefix = $"read-{Guid.NewGuid():n}";
        string[] settings = [$"endpoint={server.Endpoint}", $"database={prefix}", "access_key=test", "secret_access_key=test"];
        return new(
            ["--search-backend", "dynamodb", .. settings.SelectMany(setting => new[] { "--set", $"extensions:dynamodb_index:{setting}" })],
            $"{prefix}-repository at {server.Endpoint}", ContentAsync);

        async Task<List<string>> ContentAsync()
        {
            using var client = new FaultyDynamoDb(server.Endpoint!);
            var content = new List<string>();
            await foreach (var table in client.Paginators.ListTables(new() { ExclusiveStartTableName = prefix }).TableNames)
            {
                if (!table.StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                content.Add(table);
                await foreach (var page in client.Paginators.Scan(new ScanRequest { TableName = table }).Responses)
                    content.AddRange(page.Items.Select(item => $"{table} {string.Join(' ', item.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value.S ?? one.Value.N}"))}"));
            }

            content.Sort(StringComparer.Ordinal);
            return content;
        }
    }

    private sealed record Place(string[] Arguments, string Location, Func<Task<List<string>>> ContentAsync, Func<string, Task>? Execute = null)
    {
        public Task ExecuteAsync(string sql) => Execute!(sql);
    }
}
