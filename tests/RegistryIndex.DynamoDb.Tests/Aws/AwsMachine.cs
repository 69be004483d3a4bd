using RegistryIndex.DynamoDb.Writing;
using RegistryIndex.Testing.Aws;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.DynamoDb.Tests.Aws;

/// <summary>
/// A machine of an AWS user: a home directory, an environment with only the AWS variables that a test sets, an AWS on this machine, and an
/// index in its DynamoDB with one repository, <c>web/shop</c>. The real executable runs on it.
/// </summary>
internal sealed class AwsMachine : IAsyncDisposable
{
    private static readonly string[] Unset =
    [
        .. Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("DYNAMODB_", StringComparison.Ordinal)).SelectMany(name => new[] { "-u", name }),
    ];

    private readonly TemporaryDirectory _home = new();
    private readonly TestIndexes _tables;

    private AwsMachine(TestIndexes tables, FakeAws aws) => (_tables, Aws) = (tables, aws);

    public FakeAws Aws { get; }

    public string Prefix => _tables.Options.Database;

    /// <summary>The environment variables of a command.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public static async Task<AwsMachine> StartAsync()
    {
        var tables = await TestIndexes.NewAsync();
        await (await tables.OpenAsync()).UpsertAsync(new("web/shop", "The shop"), TestIndexes.Stop);
        var machine = new AwsMachine(tables, await FakeAws.StartAsync(tables.Endpoint));
        machine.Set("HOME", machine._home.Path);
        foreach (var service in new[] { "DYNAMODB", "S3", "STS", "SSO", "SSO_OIDC" })
            machine.Set($"AWS_ENDPOINT_URL_{service}", machine.Aws.Endpoint);
        machine.Set("AWS_EC2_METADATA_DISABLED", "true");
        machine.Set("AWS_REGION", "eu-central-1");
        return machine;
    }

    /// <summary>The stored repository.</summary>
    public async Task<RepositoryRow> RowOfAsync(string name) => (await _tables.RowsAsync()).Single(row => row.Name == name);

    public void Set(string variable, string value) => Variables[variable] = value;

    /// <summary>Writes a file in the home directory.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string PathOf(string name) => Path.Combine(_home.Path, name);

    /// <summary>Runs a command on the index to its end.</summary>
    /// <remarks>If the command treats a permanent failure as transient, it retries until the test's limit.</remarks>
    public Task<ProcessResult> RunAsync(params string[] arguments) =>
        RunElsewhereAsync([.. arguments, "--search-backend", "dynamodb", "--set", $"extensions:dynamodb_index:database={Prefix}", "--set", "extensions:dynamodb_index:retry_timeout=3600"]);

    /// <summary>Runs a command, on the index that its arguments name, to its end.</summary>
    public Task<ProcessResult> RunElsewhereAsync(params string[] arguments) =>
        RegistryIndexProcess.RunInEnvironmentAsync([.. Unset, .. Variables.Select(variable => $"{variable.Key}={variable.Value}")], arguments);

    /// <summary>Runs a search, which must succeed, and returns the credentials with which the requests were signed.</summary>
    public async Task<SignedRequest> SearchAsync(params string[] arguments)
    {
        var search = await RunAsync(["search", "shop", .. arguments]);
        (search.ExitCode, search.Stdout).Should().Be((0, "web/shop\tThe shop\n"), search.Stderr);
        return Aws.Taken.Distinct().Should().ContainSingle().Which;
    }

    public async ValueTask DisposeAsync()
    {
        await Aws.DisposeAsync();
        await _tables.DisposeAsync();
        _home.Dispose();
    }
}
