using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RegistryIndex.Addresses;
using RegistryIndex.Aws;

namespace RegistryIndex.DynamoDb;

/// <summary>
/// Where the index is in DynamoDB and how it is reached: the keys under <c>extensions:dynamodb_index</c>, with the names
/// that the Python docker-registry gave them.
/// </summary>
/// <remarks>
/// An <c>IAmazonDynamoDB</c> of the application in the container wins over region, keys, endpoint and request_timeout, wherever it was added. Let it
/// send nothing again by itself (<c>MaxErrorRetry = 0</c>): the index does, and knows which requests may be sent twice.
/// </remarks>
public sealed class DynamoDbIndexOptions : IValidatableObject
{
    private const string Section = $"{OptionsFromConfiguration.Section}:";

    /// <summary>The prefix of the table names that are not given: <c>database</c>.</summary>
    public string Database { get; set; } = "docker-registry";

    /// <summary>The table of the repositories: <c>repository_table</c>, else <c>&lt;database&gt;-repository</c>.</summary>
    [ConfigurationKeyName("repository_table")]
    public string RepositoryTable { get; set; } = "";

    /// <summary>The table of the schema version and the marks: <c>version_table</c>, else <c>&lt;database&gt;-version</c>.</summary>
    [ConfigurationKeyName("version_table")]
    public string VersionTable { get; set; } = "";

    /// <summary>The table of the postings: <c>search_table</c>, else <c>&lt;database&gt;-search</c>.</summary>
    [ConfigurationKeyName("search_table")]
    public string SearchTable { get; set; } = "";

    /// <summary>The AWS region: <c>region</c>, else <c>s3_region</c>, else AWS's own (<c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, the profile's), else <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary>The access key: <c>access_key</c>, else <c>s3_access_key</c>; without one the AWS SDK's own chain is asked.</summary>
    [ConfigurationKeyName("access_key")]
    public string? AccessKey { get; set; }

    /// <summary>The secret to it: <c>secret_access_key</c>, else <c>s3_secret_key</c>.</summary>
    [ConfigurationKeyName("secret_access_key")]
    public string? SecretAccessKey { get; set; }

    /// <summary>The token of keys that are temporary: <c>security_token</c>; of the keys of <c>s3_access_key</c>, <c>s3_security_token</c>.</summary>
    [ConfigurationKeyName("security_token")]
    public string? SecurityToken { get; set; }

    /// <summary>
    /// Another endpoint than the region's, such as a DynamoDB Local: <c>endpoint</c>, else AWS's own (<c>AWS_ENDPOINT_URL_DYNAMODB</c>,
    /// <c>AWS_ENDPOINT_URL</c>, the profile's), an http or https URL.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>Whether tables that are missing are created, on demand: <c>create_tables</c>. Existing ones are never altered.</summary>
    [ConfigurationKeyName("create_tables")]
    public bool CreateTables { get; set; } = true;

    /// <summary>Whether point-in-time recovery is switched on for tables that are created: <c>point_in_time_recovery</c>.</summary>
    [ConfigurationKeyName("point_in_time_recovery")]
    public bool PointInTimeRecovery { get; set; }

    /// <summary>Whether tables that are created cannot be deleted until that is switched off in AWS: <c>deletion_protection</c>.</summary>
    [ConfigurationKeyName("deletion_protection")]
    public bool DeletionProtection { get; set; }

    /// <summary>The KMS key that tables are created with, its id, ARN or alias: <c>kms_key_id</c>; without one DynamoDB's own, which costs nothing.</summary>
    [ConfigurationKeyName("kms_key_id")]
    public string? KmsKeyId { get; set; }

    /// <summary>The tags that tables are created with, name=value with <c>;</c> between them: <c>tags</c>.</summary>
    [ConfigurationKeyName("tags")]
    public string? Tags { get; set; }

    /// <summary>The class that tables are created with, <c>STANDARD</c> (the default) or <c>STANDARD_INFREQUENT_ACCESS</c>: <c>table_class</c>.</summary>
    [ConfigurationKeyName("table_class")]
    public string? TableClass { get; set; }

    /// <summary>
    /// Whether a search reads consistently, at twice the read units: <c>consistent_reads</c>. Without, a search sees a
    /// write when DynamoDB's replicas agree, usually within a second.
    /// </summary>
    [ConfigurationKeyName("consistent_reads")]
    public bool ConsistentReads { get; set; }

    /// <summary>How long one HTTP request may take, in seconds, 1 to 300: <c>request_timeout</c>.</summary>
    [ConfigurationKeyName("request_timeout")]
    public int RequestTimeout { get; set; } = 10;

    /// <summary>How long a throttled or failing request is tried again without progress, in seconds, 0 to 3600: <c>retry_timeout</c>.</summary>
    [ConfigurationKeyName("retry_timeout")]
    public int RetryTimeout { get; set; } = 30;

    /// <summary>How long a table that is being created is waited for, in seconds, 1 to 3600: <c>table_timeout</c>.</summary>
    [ConfigurationKeyName("table_timeout")]
    public int TableTimeout { get; set; } = 180;

    /// <summary>The most write units this process spends in a second, 0 (without limit, the default) to 1,000,000: <c>max_write_units</c>.</summary>
    [ConfigurationKeyName("max_write_units")]
    public int MaxWriteUnits { get; set; }

    /// <summary>
    /// The most read units this process spends in a second where it reads much and nobody waits for it, 0 (without limit, the default) to
    /// 1,000,000: <c>max_read_units</c>. Searches, lists of so many and single writes are never slowed down.
    /// </summary>
    [ConfigurationKeyName("max_read_units")]
    public int MaxReadUnits { get; set; }

    /// <summary>
    /// Fills in what nobody has said, after the application's own code: names of tables by <see cref="Database"/>; and region and endpoint from where
    /// every AWS tool has them, unless a client of the application knows.
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

        // Where a value comes from is what a person needs to know who has to mend it.
        string? FromAwsDefaults(string key, string? value)
        {
            if (value is not null)
                FromAws.Add(key);
            return value;
        }
    }

    /// <summary>Whether a client of the application says where the index is.</summary>
    internal bool HasClient { get; private set; }

    /// <summary>Whether the keys are those of the image store.</summary>
    internal bool AreKeysOfS3 { get; set; }

    /// <summary>The settings that were found in AWS's own variables and profiles.</summary>
    internal HashSet<string> FromAws { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HasClient && AwsDefaults.FindProblem() is { } problem)
            yield return new($"{char.ToUpperInvariant(problem[0])}{problem[1..]}.");
        (string Key, string Name)[] tables = [("repository_table", RepositoryTable), ("version_table", VersionTable), ("search_table", SearchTable)];
        var isPrefix = AwsNames.Table.IsMatch($"{Database}-repository");
        if (!isPrefix)
            yield return new($"{Section}database '{RepositoryName.Shown(Database)}' is no beginning of the names of DynamoDB tables: up to 244 of A-Z, a-z, 0-9, '_', '.' and '-'.");
        foreach (var (key, name) in tables.Where(table => !AwsNames.Table.IsMatch(table.Name) && (isPrefix || !table.Name.StartsWith(Database, StringComparison.Ordinal))))
            yield return new($"{Section}{key} '{RepositoryName.Shown(name)}' is not the name of a DynamoDB table: 3 to 255 of A-Z, a-z, 0-9, '_', '.' and '-'.");
        foreach (var same in tables.GroupBy(table => table.Name, table => table.Key, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new($"{Section}{string.Join(" and ", same)} are both '{same.Key}': each needs a table of its own.");
        if (!HasClient && !AwsNames.Region.IsMatch(Region))
            yield return new($"{NameOf("region", "AWS_REGION, AWS_DEFAULT_REGION or the AWS profile")} '{RepositoryName.Shown(Region)}' is not the name of an AWS region, such as us-east-1.");
        if (string.IsNullOrEmpty(AccessKey) != string.IsNullOrEmpty(SecretAccessKey))
        {
            var (section, key, secret) = AreKeysOfS3 ? ("", "s3_access_key", "s3_secret_key") : (Section, "access_key", "secret_access_key");
            yield return new($"{section}{key} and {secret} belong together, and only {section}{(string.IsNullOrEmpty(AccessKey) ? secret : key)} is set.");
        }
        else if (string.IsNullOrEmpty(AccessKey) && !string.IsNullOrEmpty(SecurityToken))
        {
            yield return new($"{Section}security_token goes with access_key and secret_access_key, which are not set.");
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
            yield return new($"{endpoint} has a user or a password in its URL, which nothing reads: leave them out.");
    }

    private string NameOf(string key, string aws) => FromAws.Contains(key) ? $"The {key} of {aws}" : Section + key;
}

/// <summary>What AWS lets names be.</summary>
internal static partial class AwsNames
{
    [GeneratedRegex("^[A-Za-z0-9_.-]{3,255}$")]
    public static partial Regex Table { get; }

    [GeneratedRegex("^[a-z]{2,}(-[a-z]+)+-[0-9]+$")]
    public static partial Regex Region { get; }
}

/// <summary>Checks the options; made at build time.</summary>
[OptionsValidator]
internal sealed partial class DynamoDbIndexOptionsValidator : IValidateOptions<DynamoDbIndexOptions>;
