using Microsoft.Extensions.Configuration;

namespace RegistryIndex.DynamoDb;

/// <summary>
/// Reads the options from the Python docker-registry's configuration, with the same fallbacks. Options that are set nowhere are left to
/// <see cref="DynamoDbIndexOptions.Complete"/>.
/// </summary>
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

        // `_env:NAME` of an unset variable gives an empty value, which counts as if the key were missing.
        string? Setting(string key, params ReadOnlySpan<string> elsewhere)
        {
            var value = First(configuration[$"{Section}:{key}"]);
            foreach (var other in elsewhere)
                value ??= First(configuration[other]);
            return value;
        }

        options.Database = Setting("database", "DYNAMODB_DATABASE") ?? "docker-registry";
        options.RepositoryTable = Setting("repository_table", "DYNAMODB_REPOSITORY_TABLE") ?? "";
        options.VersionTable = Setting("version_table", "DYNAMODB_VERSION_TABLE") ?? "";
        options.SearchTable = Setting("search_table", "DYNAMODB_SEARCH_TABLE") ?? "";
        options.Region = Setting("region", "DYNAMODB_REGION", "s3_region") ?? "";
        options.Endpoint = Setting("endpoint");
        options.KmsKeyId = Setting("kms_key_id");
        options.Tags = Setting("tags");
        options.TableClass = Setting("table_class");
        var ownKey = Setting("access_key", "DYNAMODB_ACCESS_KEY");
        var ownSecret = Setting("secret_access_key", "DYNAMODB_SECRET_ACCESS_KEY");
        var ownToken = Setting("security_token");
        options.AreKeysOfS3 = ownKey is null && ownSecret is null && ownToken is null && First(configuration["s3_access_key"], configuration["s3_secret_key"]) is not null;
        (options.AccessKey, options.SecretAccessKey, options.SecurityToken) = options.AreKeysOfS3
            ? (First(configuration["s3_access_key"]), First(configuration["s3_secret_key"]), First(configuration["s3_security_token"]))
            : (ownKey, ownSecret, ownToken);
    }
}
