using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.DynamoDb;

/// <summary>
/// Where the index is in DynamoDB and how it is reached: the keys under <c>extensions:dynamodb_index</c>, with the names
/// that the Python docker-registry gave them.
/// </summary>
/// <remarks>
/// An <c>IAmazonDynamoDB</c> that is in the container already wins over region, keys, endpoint and request_timeout. Let it
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

    /// <summary>The AWS region: <c>region</c>, else <c>s3_region</c>, else <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary>The access key: <c>access_key</c>, else <c>s3_access_key</c>; without one the AWS SDK's own chain is asked.</summary>
    [ConfigurationKeyName("access_key")]
    public string? AccessKey { get; set; }

    /// <summary>The secret to it: <c>secret_access_key</c>, else <c>s3_secret_key</c>.</summary>
    [ConfigurationKeyName("secret_access_key")]
    public string? SecretAccessKey { get; set; }

    /// <summary>Another endpoint than the region's, such as a DynamoDB Local: <c>endpoint</c>, an http or https URL.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Whether tables that are missing are created, on demand: <c>create_tables</c>. Existing ones are never altered.</summary>
    [ConfigurationKeyName("create_tables")]
    public bool CreateTables { get; set; } = true;

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

    /// <summary>Where the tables are, for people.</summary>
    internal string Place => Endpoint ?? $"DynamoDB in {Region}";

    private static string Shown(string text) => text.Length > 80 ? text[..80] + "…" : text;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Key, string Name)[] tables = [("repository_table", RepositoryTable), ("version_table", VersionTable), ("search_table", SearchTable)];
        var isPrefix = AwsNames.Table.IsMatch($"{Database}-repository");
        if (!isPrefix)
            yield return new($"{Section}database '{Shown(Database)}' is no beginning of the names of DynamoDB tables: up to 244 of A-Z, a-z, 0-9, '_', '.' and '-'.");
        foreach (var (key, name) in tables.Where(table => !AwsNames.Table.IsMatch(table.Name) && (isPrefix || !table.Name.StartsWith(Database, StringComparison.Ordinal))))
            yield return new($"{Section}{key} '{Shown(name)}' is not the name of a DynamoDB table: 3 to 255 of A-Z, a-z, 0-9, '_', '.' and '-'.");
        foreach (var same in tables.GroupBy(table => table.Name, table => table.Key, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new($"{Section}{string.Join(" and ", same)} are both '{same.Key}': each needs a table of its own.");
        if (!AwsNames.Region.IsMatch(Region))
            yield return new($"{Section}region '{Shown(Region)}' is not the name of an AWS region, such as us-east-1.");
        if (string.IsNullOrEmpty(AccessKey) != string.IsNullOrEmpty(SecretAccessKey))
            yield return new($"{Section}access_key and secret_access_key belong together, and only {Section}{(string.IsNullOrEmpty(AccessKey) ? "secret_access_key" : "access_key")} is set.");
        (string Key, int Seconds, int Least, int Most)[] timeouts =
            [("request_timeout", RequestTimeout, 1, 300), ("retry_timeout", RetryTimeout, 0, 3600), ("table_timeout", TableTimeout, 1, 3600)];
        foreach (var (key, seconds, least, most) in timeouts.Where(timeout => timeout.Seconds < timeout.Least || timeout.Seconds > timeout.Most))
            yield return new($"{Section}{key} is {seconds}, and must be {least} to {most} seconds.");
        if (MaxWriteUnits is < 0 or > 1_000_000)
            yield return new($"{Section}max_write_units is {MaxWriteUnits}, and must be 0 (without limit) to 1000000 units a second.");
        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")))
            yield return new($"{Section}endpoint '{Shown(Endpoint)}' is not an http or https URL.");
    }
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
