using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Indexes;

/// <summary>One of the two indexes of a migration or mirror, as the operator named it, with the configuration that opens it.</summary>
/// <param name="Text">The name as written, without secrets.</param>
/// <param name="Configuration">The configuration of the provider.</param>
internal sealed record NamedIndex(string Text, IConfiguration Configuration)
{
    /// <summary>The forms of a name, for help and errors.</summary>
    public const string Forms =
        "a provider of the configuration in use (sqlalchemy, dynamodb, …), FILE.yml#FLAVOR, an SQLAlchemy URL (sqlite:////var/lib/index.db), or dynamodb://PREFIX?region=REGION";

    /// <summary>Settings of its file that have no effect, although they were probably meant to; one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    private const string ProviderKey = RegistryIndexServiceCollectionExtensions.ProviderKey;
    private const string DynamoDb = "extensions:dynamodb_index:";

    // The table names belong to the prefix of the configuration; for another prefix they are derived anew.
    private static readonly string[] DynamoDbKeys = ["region", "endpoint", "repository_table", "version_table", "search_table"];

    /// <summary>Parses a name.</summary>
    /// <param name="text">The name, in one of <see cref="Forms"/>, or <c>primary</c> or <c>secondary</c> of the configured mirror.</param>
    /// <param name="inUse">The configuration in use, which provides the settings for a provider's name, and the other settings for a URL.</param>
    /// <exception cref="ConfigurationMistakeException">The text has none of the forms, or its file is invalid.</exception>
    public static NamedIndex Parse(string text, IConfiguration inUse)
    {
        text = text.Trim();
        if (text.Length == 0)
            throw new ConfigurationMistakeException($"--from or --to is empty; name {Forms}.");
        if (text is "primary" or "secondary" && inUse[$"mirror:{text}"] is { Length: > 0 } mirrored)
            return Parse(mirrored, inUse);
        if (text.Split("://", 2) is [var scheme, var rest])
            return scheme.Equals("dynamodb", StringComparison.OrdinalIgnoreCase) ? OfDynamoDb(text, rest, inUse) : OfUrl(text, inUse);
        if (text.Contains('#', StringComparison.Ordinal) || Path.GetExtension(text) is ".yml" or ".yaml")
            return OfFile(text);
        if (text.Equals("mirror", StringComparison.OrdinalIgnoreCase))
            throw new ConfigurationMistakeException($"a mirror cannot be migrated or compared; name one of its two indexes: {Forms}.");
        return new(text, Over(inUse, (ProviderKey, text)));
    }

    private static NamedIndex OfUrl(string text, IConfiguration inUse) =>
        new(Redaction.Redact("sqlalchemy_index_database", text), Over(inUse, (ProviderKey, "sqlalchemy"), ("sqlalchemy_index_database", text)));

    private static NamedIndex OfFile(string text)
    {
        var split = text.LastIndexOf('#');
        var (file, flavor) = split < 0 ? (text, "") : (text[..split], text[(split + 1)..]);
        var input = ConfigurationInput.OfProcess();
        var yaml = new DockerRegistryYaml(
            input.PathOf(file),
            flavor.Length > 0 ? flavor : DockerRegistryYaml.DefaultFlavor,
            name => input.Environment.GetValueOrDefault(name));
        var configuration = new ConfigurationBuilder().Add(yaml).Build();
        if (configuration[ProviderKey]?.Trim().ToLowerInvariant() is "" or "none" or "mirror")
            throw new ConfigurationMistakeException($"'{text}' has the search_backend '{configuration[ProviderKey]}', which is not an index itself; name {Forms}.");
        return new(text, configuration) { Warnings = [.. UnknownSettings.Find(configuration)] };
    }

    private static NamedIndex OfDynamoDb(string text, string rest, IConfiguration inUse)
    {
        var (prefix, query) = rest.Split('?', 2) is [var before, var after] ? (before.TrimEnd('/'), after) : (rest.TrimEnd('/'), "");
        if (prefix.Length == 0)
            throw new ConfigurationMistakeException($"'{text}' does not name tables; write dynamodb://PREFIX?region=REGION.");
        var settings = DynamoDbKeys.Where(key => key.EndsWith("_table", StringComparison.Ordinal)).ToDictionary(key => key, _ => "", StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2) is not [var key, var value] || !DynamoDbKeys.Contains(key))
                throw new ConfigurationMistakeException($"'{text}' has '{part.Split('=')[0]}', which is unknown; write {string.Join("=, ", DynamoDbKeys)}= after the '?', and keys into the configuration.");
            settings[key] = Uri.UnescapeDataString(value);
        }

        return new(text, Over(inUse, [(ProviderKey, "dynamodb"), (DynamoDb + "database", prefix), .. settings.Select(setting => (DynamoDb + setting.Key, setting.Value))]));
    }

    private static IConfigurationRoot Over(IConfiguration inUse, params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .Add(GivenSettings.Of(inUse))
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
