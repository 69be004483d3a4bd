using Microsoft.Extensions.Configuration;

namespace RegistryIndex.Storage;

/// <summary>Reads distribution's own block <c>storage: { filesystem: … }</c>, where the settings say nothing else; that of S3 is read with the rest of S3.</summary>
internal static class DistributionOptionsFromConfiguration
{
    private const string Block = "storage";

    // Its other drivers, which are then refused as any storage is that cannot be read.
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
