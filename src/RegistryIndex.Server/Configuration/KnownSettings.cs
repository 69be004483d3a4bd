using System.Reflection;
using RegistryIndex.DynamoDb;
using RegistryIndex.EfCore;
using RegistryIndex.Registry;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Maintenance;
using RegistryIndex.Server.Monitoring;
using RegistryIndex.Server.Web;
using RegistryIndex.Storage;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Every setting that the server and its commands read. The properties of an options class are settings under their <see
/// cref="ConfigurationKeyNameAttribute"/>, so a new setting is known as soon as it is a property of a class that is listed here.
/// </summary>
internal static class KnownSettings
{
    private const string DynamoDb = "extensions:dynamodb_index";

    /// <summary>The options classes, and the section that each is bound to.</summary>
    public static readonly IReadOnlyList<(string Section, Type Options)> Classes =
    [
        ("", typeof(AccessOptions)),
        ("", typeof(EfCoreIndexOptions)),
        ("", typeof(MonitoringOptions)),
        ("", typeof(PublicUrlOptions)),
        ("", typeof(RegistryOptions)),
        ("", typeof(StorageOptions)),
        ("", typeof(SyncOptions)),
        ("", typeof(WebOptions)),
        (DynamoDb, typeof(DynamoDbIndexOptions)),
        (DynamoDb, typeof(SweepOptions)),
    ];

    // Settings that are not properties as they are written: several for one property, or settings that are read individually.
    private static readonly KnownSetting[] Others =
    [
        Text("search_backend"),
        Joined("urls"), Joined("metrics_urls"), Joined("trusted_proxies"), Joined("allowed_hosts"), Joined("cors_origins"), Joined("description_keys"),
        Joined($"{DynamoDb}:tags"),
        Joined("events_secrets") with { Refusal = EventSecrets.FindWeakness },
        Text("storage") with { IsBlock = true },
        Text("mirror:primary"), Text("mirror:secondary"), new("mirror:compare", typeof(double), 0.01),
        Text("s3_bucket"), Text("boto_bucket"), Text("storage:s3:bucket"),
        Text("s3_region"), Text("storage:s3:region"),
        Text("s3_access_key"), Text("storage:s3:accesskey"),
        Text("s3_secret_key"), Text("storage:s3:secretkey"),
        Text("s3_security_token"), Text("storage:s3:sessiontoken"),
        Text("s3_endpoint"), Text("storage:s3:regionendpoint"), Text("boto_host"), new("boto_port", typeof(int), 443),
        new("s3_secure", typeof(bool)), new("storage:s3:secure", typeof(bool)),
        new("s3_force_path_style", typeof(bool)), new("storage:s3:forcepathstyle", typeof(bool)), Text("boto_calling_format"),
        Text("storage:s3:rootdirectory"), Text("storage:filesystem:rootdirectory"),
        Text("DYNAMODB_DATABASE"), Text("DYNAMODB_REGION"), Text("DYNAMODB_REPOSITORY_TABLE"), Text("DYNAMODB_VERSION_TABLE"), Text("DYNAMODB_SEARCH_TABLE"),
        Text("DYNAMODB_ACCESS_KEY"), Text("DYNAMODB_SECRET_ACCESS_KEY"),
    ];

    /// <summary>All settings, by key.</summary>
    public static IReadOnlyDictionary<string, KnownSetting> All { get; } = Collect();

    /// <summary>Whether the program reads that key, directly or as an item of a list.</summary>
    public static bool IsKnown(string key) => FindOwner(key) is not null;

    /// <summary>Returns the setting that a key belongs to, directly or as an item of a list; null when the program does not read that key.</summary>
    public static KnownSetting? FindOwner(string key)
    {
        if (All.TryGetValue(key, out var setting))
            return setting;
        return ConfigurationPath.GetParentPath(key) is { } parent && All.TryGetValue(parent, out var list) && !list.IsBlock ? list : null;
    }

    private static Dictionary<string, KnownSetting> Collect()
    {
        var all = Classes.SelectMany(known => Of(known.Section, known.Options)).ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var setting in Others)
            all[setting.Key] = setting;
        return all;
    }

    private static IEnumerable<KnownSetting> Of(string section, Type options)
    {
        var defaults = Activator.CreateInstance(options)!;
        foreach (var property in options.GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (KnownSetting.IsSupported(type))
                yield return new(KeyOf(section, property), type, type == typeof(bool) ? null : property.GetValue(defaults));
        }
    }

    private static string KeyOf(string section, PropertyInfo property)
    {
        var name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name.ToLowerInvariant();
        return section.Length == 0 ? name : ConfigurationPath.Combine(section, name);
    }

    private static KnownSetting Text(string key) => new(key, typeof(string));

    private static KnownSetting Joined(string key) => Text(key) with { IsJoined = true };
}
