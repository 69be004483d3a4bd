using Microsoft.Extensions.Configuration;

namespace RegistryIndex.DynamoDb;

/// <summary>Reads the options as the Python docker-registry's configuration has them, with the same fallbacks.</summary>
internal static class OptionsFromConfiguration
{
    public const string Section = "extensions:dynamodb_index";

    public static void Read(DynamoDbIndexOptions options, IConfiguration configuration)
    {
        configuration.GetSection(Section).Bind(options);

        string? First(params ReadOnlySpan<string?> values)
        {
            foreach (var value in values)
            {
                if (!string.IsNullOrWhiteSpace(value))
                    return value.Trim();
            }

            return null;
        }

        // What `_env:NAME` of an unset variable leaves in the YAML is an empty value: it is as if the key were not there.
        string? Setting(string key, params ReadOnlySpan<string> elsewhere)
        {
            var value = First(configuration[$"{Section}:{key}"]);
            foreach (var other in elsewhere)
                value ??= First(configuration[other]);
            return value;
        }

        options.Database = Setting("database", "DYNAMODB_DATABASE") ?? "docker-registry";
        options.RepositoryTable = Setting("repository_table", "DYNAMODB_REPOSITORY_TABLE") ?? $"{options.Database}-repository";
        options.VersionTable = Setting("version_table", "DYNAMODB_VERSION_TABLE") ?? $"{options.Database}-version";
        options.SearchTable = Setting("search_table", "DYNAMODB_SEARCH_TABLE") ?? $"{options.Database}-search";
        options.Region = Setting("region", "DYNAMODB_REGION", "s3_region") ?? "us-east-1";
        options.Endpoint = Setting("endpoint");
        var ownKey = Setting("access_key", "DYNAMODB_ACCESS_KEY");
        var ownSecret = Setting("secret_access_key", "DYNAMODB_SECRET_ACCESS_KEY");
        (options.AccessKey, options.SecretAccessKey) = ownKey is null && ownSecret is null
            ? (First(configuration["s3_access_key"]), First(configuration["s3_secret_key"]))
            : (ownKey, ownSecret);
    }
}
