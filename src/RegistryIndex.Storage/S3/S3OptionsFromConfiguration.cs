using Amazon.S3;
using Microsoft.Extensions.Configuration;
using RegistryIndex.Aws;

namespace RegistryIndex.Storage.S3;

/// <summary>
/// Reads the options from the settings of the Python docker-registry's configuration and from distribution's own block <c>storage: { s3: …
/// }</c>; settings that neither has come from where AWS tools read them. An empty value, such as <c>_env:NAME</c> of an unset variable,
/// counts as not set.
/// </summary>
internal static class S3OptionsFromConfiguration
{
    private const string Block = "storage:s3";

    public static void Read(StorageOptions options, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(options.Kind) && configuration.GetSection(Block).GetChildren().Any())
            options.Kind = StorageOptions.S3Kind;
        if (options.Kind != StorageOptions.S3Kind)
            return;
        options.Path = First("storage_path", $"{Block}:rootdirectory");
        options.S3 = new()
        {
            Bucket = First("s3_bucket", "boto_bucket", $"{Block}:bucket"),
            Region = First("s3_region", $"{Block}:region") ?? AwsDefaults.FindRegion() ?? "us-east-1",
            AccessKey = First("s3_access_key", $"{Block}:accesskey"),
            SecretKey = First("s3_secret_key", $"{Block}:secretkey"),
            SecurityToken = First("s3_security_token", $"{Block}:sessiontoken"),
            Endpoint = ReadEndpoint(),
        };
        options.S3.ForcePathStyle = First("s3_force_path_style", $"{Block}:forcepathstyle") is { } forced
            ? IsTrue(forced)
            : First("boto_calling_format") is { } format
                ? format.Contains("OrdinaryCallingFormat", StringComparison.Ordinal)
                : options.S3.Endpoint?.Contains("amazonaws.com", StringComparison.OrdinalIgnoreCase) == false;

        string? ReadEndpoint()
        {
            var scheme = First("s3_secure", $"{Block}:secure") is { } secure && !IsTrue(secure) ? "http" : "https";
            if (First("s3_endpoint", $"{Block}:regionendpoint") is { } endpoint)
                return endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{scheme}://{endpoint}";
            return First("boto_host") is { } host
                ? $"{scheme}://{host}{(First("boto_port") is { } port ? ":" + port : "")}"
                : AwsDefaults.FindEndpoint(() => new AmazonS3Config());
        }

        string? First(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (configuration[key] is { } value && !string.IsNullOrWhiteSpace(value))
                    return value.Trim();
            }

            return null;
        }
    }

    private static bool IsTrue(string value) => value.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1";
}
