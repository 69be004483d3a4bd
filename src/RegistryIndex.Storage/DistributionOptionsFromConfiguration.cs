using Microsoft.Extensions.Configuration;

namespace RegistryIndex.Storage;

/// <summary>
/// Reads distribution's own block <c>storage: { filesystem: … }</c> where no other setting names a storage; the block for S3 is read with
/// the other settings of S3.
/// </summary>
internal static class DistributionOptionsFromConfiguration
{
    private const string Block = "storage";

    // Distribution's other drivers. They are refused like any storage that cannot be read.
    private static readonly string[] Others = ["azure", "cos", "gcs", "inmemory", "oss", "swift"];

    public static void Read(StorageOptions options, IConfiguration configuration)
    {
        if (!string.IsNullOrWhiteSpace(options.Kind))
            return;
        if (string.IsNullOrWhiteSpace(options.Path))
            options.Path = configuration[$"{Block}:filesystem:rootdirectory"];
        if (!options.IsConfigured)
            options.Kind = configuration.GetSection(Block).GetChildren().Select(child => child.Key).FirstOrDefault(driver => Others.Contains(driver, StringComparer.Ordinal));
    }
}
