using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>
/// An index that a released program made, unchanged, in a place of its own. <c>eng/make-upgrade-fixtures.sh</c> made the
/// fixtures.
/// </summary>
internal sealed class OldIndex : IAsyncDisposable
{
    private const string DynamoDb = "extensions:dynamodb_index:";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<ServiceProvider> _opened = [];
    private readonly Dictionary<string, string?> _settings = [];
    private readonly string _folder;
    private readonly string _name;

    private OldIndex(string folder, string provider, string name)
    {
        (_folder, _name) = (folder, name);
        Answers = OldAnswers.Read(folder, provider, name);
    }

    /// <summary>Every index of every release: the release, the provider, and the name of the index.</summary>
    public static TheoryData<string, string, string> All => [.. Find()];

    /// <summary>The indexes that contain half of a migration.</summary>
    public static TheoryData<string, string, string> HalfMigrated => [.. Find().Where(one => one.Name != "index")];

    public static TheoryData<string, string, string> InDynamoDb => [.. Find().Where(one => one.Provider == "dynamodb")];

    /// <summary>The indexes without a predecessor's rows.</summary>
    public static TheoryData<string, string, string> OwnInDynamoDb => [.. Find().Where(one => one is { Provider: "dynamodb", Name: "index" })];

    /// <summary>The answers of the released program.</summary>
    public OldAnswers Answers { get; }

    /// <summary>Its name for <c>migrate</c> and <c>verify</c>.</summary>
    public string Side { get; private set; } = "";

    /// <summary>The options of a command that uses it.</summary>
    public string[] Arguments => [.. _settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" })];

    /// <summary>The same as settings.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<OldIndex> LoadAsync(string release, string provider, string name)
    {
        var index = new OldIndex(FixturesOf(release), provider, name);
        await (provider switch
        {
            "sqlite" => index.LoadSqliteAsync(),
            "postgresql" => index.LoadPostgreSqlAsync(),
            _ => index.LoadDynamoDbAsync(),
        });
        return index;
    }

    /// <summary>Opens it as a new process would. The caller initializes it.</summary>
    public IRegistryIndex Open()
    {
        var services = new ServiceCollection().AddLogging().AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build()).BuildServiceProvider();
        _opened.Add(services);
        return services.GetRequiredService<IRegistryIndex>();
    }

    /// <summary>Opens it and initializes it.</summary>
    public async Task<IRegistryIndex> OpenAsync()
    {
        var index = Open();
        await index.InitializeAsync(Stop);
        return index;
    }

    /// <summary>The content of its tables in DynamoDB, as text.</summary>
    public Task<List<string>> ReadTablesAsync() => OldTables.ReadAsync(_settings[DynamoDb + "endpoint"]!, _settings[DynamoDb + "database"]!, Stop);

    /// <summary>Runs a command of the current program on it.</summary>
    public Task<ProcessResult> RunAsync(params string[] command) => RegistryIndexProcess.RunAsync([.. command, .. Arguments]);

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _opened)
            await services.DisposeAsync();
        _directory.Dispose();
    }

    private static IEnumerable<(string Release, string Provider, string Name)> Find() =>
        from status in Directory.GetFiles(FixturesOf(""), "*.status.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let parts = Path.GetFileName(status).Split('.')
        select (Path.GetFileName(Path.GetDirectoryName(status))!, parts[1], parts[0]);

    private static string FixturesOf(string release) => Checkout.PathOf("tests", "RegistryIndex.Server.Tests", "Upgrading", release);

    private Task LoadSqliteAsync()
    {
        var file = Path.Combine(_directory.Path, "index.db");
        File.Copy(Path.Combine(_folder, $"{_name}.db"), file);
        Set(("search_backend", "sqlalchemy"), ("sqlalchemy_index_database", Side = $"sqlite:///{file}"));
        return Task.CompletedTask;
    }

    private async Task LoadPostgreSqlAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        var server = await PostgreSqlServer.GetAsync();
        var database = $"old_{Guid.NewGuid():n}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {database}");
        await ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(_folder, $"{_name}.sql"), Stop));
        Set(("search_backend", "sqlalchemy"), ("sqlalchemy_index_database", Side = server.UrlOf(database)));

        async Task ExecuteAsync(string name, string sql)
        {
            await using var connection = new NpgsqlConnection($"Host={server.Host};Port={server.Port};Username={PostgreSqlServer.User};Password={PostgreSqlServer.Password};Database={name};Pooling=false");
            await connection.OpenAsync(Stop);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Stop);
        }
    }

    private async Task LoadDynamoDbAsync()
    {
        var server = await DynamoDbServer.GetAsync();
        Assert.SkipWhen(server.Endpoint is null && !DynamoDbServer.IsRequired, server.WhyNot ?? "");
        var prefix = $"old-{Guid.NewGuid():n}";
        await OldTables.LoadAsync(Path.Combine(_folder, $"{_name}.dynamodb.jsonl.gz"), server.Endpoint!, prefix, Stop);
        Side = $"dynamodb://{prefix}?region=us-east-1&endpoint={server.Endpoint}";
        Set(
            ("search_backend", "dynamodb"), (DynamoDb + "database", prefix), (DynamoDb + "endpoint", server.Endpoint!), (DynamoDb + "consistent_reads", "true"),
            (DynamoDb + "access_key", "test"), (DynamoDb + "secret_access_key", "test"));
    }

    private void Set(params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
            _settings[key] = value;
    }
}
