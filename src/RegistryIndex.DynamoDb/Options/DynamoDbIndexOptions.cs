using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RegistryIndex.Addresses;
using RegistryIndex.Aws;

namespace RegistryIndex.DynamoDb;

/// <summary>
/// Where the index is in DynamoDB and how to reach it: the keys under <c>extensions:dynamodb_index</c>, with the names
/// that the Python docker-registry gave them.
/// </summary>
/// <remarks>
/// An <c>IAmazonDynamoDB</c> that the application registers in the container takes precedence over region, keys, endpoint and request_timeout.
/// The order in which the services were added does not matter. That client must not retry requests itself (<c>MaxErrorRetry = 0</c>): the index retries them, because
/// it knows which requests may be sent twice.
/// </remarks>
public sealed class DynamoDbIndexOptions : IValidatableObject
{
    private const string Section = $"{OptionsFromConfiguration.Section}:";

    /// <summary>The prefix of table names that are not set: <c>database</c>.</summary>
    public string Database { get; set; } = "docker-registry";

    /// <summary>The table of the repositories: <c>repository_table</c>. The default is <c>&lt;database&gt;-repository</c>.</summary>
    [ConfigurationKeyName("repository_table")]
    public string RepositoryTable { get; set; } = "";

    /// <summary>The table of the schema version and the marks: <c>version_table</c>. The default is <c>&lt;database&gt;-version</c>.</summary>
    [ConfigurationKeyName("version_table")]
    public string VersionTable { get; set; } = "";

    /// <summary>The table of the postings: <c>search_table</c>. The default is <c>&lt;database&gt;-search</c>.</summary>
    [ConfigurationKeyName("search_table")]
    public string SearchTable { get; set; } = "";

    /// <summary>
    /// The AWS region: <c>region</c>, else <c>s3_region</c>, else AWS's own setting (<c>AWS_REGION</c>,
    /// <c>AWS_DEFAULT_REGION</c>, the profile), else <c>us-east-1</c>.
    /// </summary>
    public string Region { get; set; } = "";

    /// <summary>The access key: <c>access_key</c>, else <c>s3_access_key</c>. If neither is set, the AWS SDK's credential chain is used.</summary>
    [ConfigurationKeyName("access_key")]
    public string? AccessKey { get; set; }

    /// <summary>The secret access key: <c>secret_access_key</c>, else <c>s3_secret_key</c>.</summary>
    [ConfigurationKeyName("secret_access_key")]
    public string? SecretAccessKey { get; set; }

    /// <summary>
    /// The session token of temporary keys: <c>security_token</c>, or <c>s3_security_token</c> with the keys of <c>s3_access_key</c>.
    /// </summary>
    [ConfigurationKeyName("security_token")]
    public string? SecurityToken { get; set; }

    /// <summary>
    /// An http or https URL that replaces the region's endpoint, such as that of a DynamoDB Local: <c>endpoint</c>, else AWS's own setting
    /// (<c>AWS_ENDPOINT_URL_DYNAMODB</c>, <c>AWS_ENDPOINT_URL</c>, the profile).
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>Whether missing tables are created, on demand: <c>create_tables</c>. Existing tables are never altered.</summary>
    [ConfigurationKeyName("create_tables")]
    public bool CreateTables { get; set; } = true;

    /// <summary>Whether created tables have point-in-time recovery: <c>point_in_time_recovery</c>.</summary>
    [ConfigurationKeyName("point_in_time_recovery")]
    public bool PointInTimeRecovery { get; set; }

    /// <summary>
    /// Whether created tables have deletion protection, which must be switched off in AWS before they can be deleted: <c>deletion_protection</c>.
    /// </summary>
    [ConfigurationKeyName("deletion_protection")]
    public bool DeletionProtection { get; set; }

    /// <summary>
    /// The KMS key of created tables, as its id, ARN or alias: <c>kms_key_id</c>. The default is DynamoDB's own key, which costs nothing.
    /// </summary>
    [ConfigurationKeyName("kms_key_id")]
    public string? KmsKeyId { get; set; }

    /// <summary>The tags of created tables, as name=value with <c>;</c> between them: <c>tags</c>.</summary>
    [ConfigurationKeyName("tags")]
    public string? Tags { get; set; }

    /// <summary>The class of created tables, <c>STANDARD</c> (the default) or <c>STANDARD_INFREQUENT_ACCESS</c>: <c>table_class</c>.</summary>
    [ConfigurationKeyName("table_class")]
    public string? TableClass { get; set; }

    /// <summary>
    /// Whether searches and lists read consistently, at twice the read units: <c>consistent_reads</c>. Otherwise they see a write when
    /// DynamoDB's replicas agree, usually within a second. A scan always reads consistently.
    /// </summary>
    [ConfigurationKeyName("consistent_reads")]
    public bool ConsistentReads { get; set; }

    /// <summary>How long one HTTP request may take, in seconds, 1 to 300: <c>request_timeout</c>.</summary>
    [ConfigurationKeyName("request_timeout")]
    public int RequestTimeout { get; set; } = 10;

    /// <summary>How long a throttled or failing request is retried without progress, in seconds, 0 to 3600: <c>retry_timeout</c>.</summary>
    [ConfigurationKeyName("retry_timeout")]
    public int RetryTimeout { get; set; } = 30;

    /// <summary>How long to wait for a table that is being created, in seconds, 1 to 3600: <c>table_timeout</c>.</summary>
    [ConfigurationKeyName("table_timeout")]
    public int TableTimeout { get; set; } = 180;

    /// <summary>The most write units that this process spends per second, 0 (no limit, the default) to 1,000,000: <c>max_write_units</c>.</summary>
    [ConfigurationKeyName("max_write_units")]
    public int MaxWriteUnits { get; set; }

    /// <summary>
    /// The most read units per second that this process spends on bulk reads, which no user waits for, 0 (no limit, the default) to 1,000,000:
    /// <c>max_read_units</c>. Searches, lists with a limit and single writes are never slowed down.
    /// </summary>
    [ConfigurationKeyName("max_read_units")]
    public int MaxReadUnits { get; set; }

    /// <summary>
    /// Fills in the unset options after the application's code has run: table names from <see cref="Database"/>, and region and endpoint from the
    /// settings that all AWS tools share, unless the application has a client.
    /// </summary>
    internal void Complete(bool hasClient)
    {
        HasClient = hasClient;
        RepositoryTable = Or(RepositoryTable, "repository");
        VersionTable = Or(VersionTable, "version");
        SearchTable = Or(SearchTable, "search");
        if (hasClient)
            return;
        if (string.IsNullOrEmpty(Region))
            Region = FromAwsDefaults("region", AwsDefaults.FindRegion()) ?? "us-east-1";
        Endpoint ??= FromAwsDefaults("endpoint", AwsDefaults.FindEndpoint(() => new AmazonDynamoDBConfig()));

        string Or(string table, string end) => string.IsNullOrEmpty(table) ? $"{Database}-{end}" : table;

        // Error messages name the source of a value, so that the user knows which setting to correct.
        string? FromAwsDefaults(string key, string? value)
        {
            if (value is not null)
                FromAws.Add(key);
            return value;
        }
    }

    /// <summary>Whether the application has a client, which determines where the index is.</summary>
    internal bool HasClient { get; private set; }

    /// <summary>Whether the keys are those of the image store.</summary>
    internal bool AreKeysOfS3 { get; set; }

    /// <summary>The settings that come from AWS's own variables and profiles.</summary>
    internal HashSet<string> FromAws { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HasClient && AwsDefaults.FindProblem() is { } problem)
            yield return new($"{char.ToUpperInvariant(problem[0])}{problem[1..]}.");
        (string Key, string Name)[] tables = [("repository_table", RepositoryTable), ("version_table", VersionTable), ("search_table", SearchTable)];
        var isPrefix = AwsNames.Table.IsMatch($"{Database}-repository");
        if (!isPrefix)
            yield return new($"{Section}database '{RepositoryName.Shown(Database)}' cannot be the prefix of DynamoDB table names: it may have up to 244 characters of A-Z, a-z, 0-9, '_', '.' and '-'.");
        foreach (var (key, name) in tables.Where(table => !AwsNames.Table.IsMatch(table.Name) && (isPrefix || !table.Name.StartsWith(Database, StringComparison.Ordinal))))
            yield return new($"{Section}{key} '{RepositoryName.Shown(name)}' is not the name of a DynamoDB table: it must have 3 to 255 characters of A-Z, a-z, 0-9, '_', '.' and '-'.");
        foreach (var same in tables.GroupBy(table => table.Name, table => table.Key, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new($"{Section}{string.Join(" and ", same)} are both '{same.Key}': each needs a table of its own.");
        if (!HasClient && !AwsNames.Region.IsMatch(Region))
            yield return new($"{NameOf("region", "AWS_REGION, AWS_DEFAULT_REGION or the AWS profile")} '{RepositoryName.Shown(Region)}' is not the name of an AWS region, such as us-east-1.");
        if (string.IsNullOrEmpty(AccessKey) != string.IsNullOrEmpty(SecretAccessKey))
        {
            var (section, key, secret) = AreKeysOfS3 ? ("", "s3_access_key", "s3_secret_key") : (Section, "access_key", "secret_access_key");
            yield return new($"{section}{key} and {secret} must both be set, and only {section}{(string.IsNullOrEmpty(AccessKey) ? secret : key)} is.");
        }
        else if (string.IsNullOrEmpty(AccessKey) && !string.IsNullOrEmpty(SecurityToken))
        {
            yield return new($"{Section}security_token requires access_key and secret_access_key, which are not set.");
        }

        (string Key, int Seconds, int Least, int Most)[] timeouts =
            [("request_timeout", RequestTimeout, 1, 300), ("retry_timeout", RetryTimeout, 0, 3600), ("table_timeout", TableTimeout, 1, 3600)];
        foreach (var (key, seconds, least, most) in timeouts.Where(timeout => timeout.Seconds < timeout.Least || timeout.Seconds > timeout.Most))
            yield return new($"{Section}{key} is {seconds}, and must be {least} to {most} seconds.");
        (string Key, int Units)[] budgets = [("max_write_units", MaxWriteUnits), ("max_read_units", MaxReadUnits)];
        foreach (var (key, units) in budgets.Where(budget => budget.Units is < 0 or > 1_000_000))
            yield return new($"{Section}{key} is {units}, and must be 0 (without limit) to 1000000 units a second.");
        foreach (var wrong in NewTables.FindProblems(this))
            yield return new(Section + wrong);
        if (Endpoint is null || HasClient)
            yield break;
        var endpoint = NameOf("endpoint", "AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or the AWS profile");
        if (!(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")))
            yield return new($"{endpoint} '{RepositoryName.Shown(Endpoint)}' is not an http or https URL.");
        else if (HostName.FindProblem(uri.Host) is { } host)
            yield return new($"{endpoint} {host}.");
        else if (uri.UserInfo.Length > 0)
            yield return new($"{endpoint} has a user or a password in its URL, which is not used: remove it.");
    }

    private string NameOf(string key, string aws) => FromAws.Contains(key) ? $"The {key} of {aws}" : Section + key;
}

/// <summary>AWS's rules for names.</summary>
internal static partial class AwsNames
{
    [GeneratedRegex("^[A-Za-z0-9_.-]{3,255}$")]
    public static partial Regex Table { get; }

    [GeneratedRegex("^[a-z]{2,}(-[a-z]+)+-[0-9]+$")]
    public static partial Regex Region { get; }
}

/// <summary>Checks the options; the implementation is generated at build time.</summary>
[OptionsValidator]
internal sealed partial class DynamoDbIndexOptionsValidator : IValidateOptions<DynamoDbIndexOptions>;
