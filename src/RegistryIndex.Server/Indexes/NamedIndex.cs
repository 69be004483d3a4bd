using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Indexes;

/// <summary>One of the two indexes of a move or of a mirror, as somebody named it, and the configuration that opens it.</summary>
/// <param name="Text">What was written, without secrets.</param>
/// <param name="Configuration">What the backend reads.</param>
internal sealed record NamedIndex(string Text, IConfiguration Configuration)
{
    /// <summary>How sides are named, for help and errors.</summary>
    public const string Forms =
        "a backend of the configuration in use (sqlalchemy, dynamodb, …), FILE.yml#FLAVOR, an SQLAlchemy URL (sqlite:////var/lib/index.db), or dynamodb://PREFIX?region=REGION";

    /// <summary>What has no effect in its file though it was probably meant to, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    private const string BackendKey = RegistryIndexServiceCollectionExtensions.BackendKey;
    private const string DynamoDb = "extensions:dynamodb_index:";

    // Names of tables belong to the prefix that the configuration gives; below another prefix they are made anew.
    private static readonly string[] DynamoDbKeys = ["region", "endpoint", "repository_table", "version_table", "search_table"];

    /// <summary>Understands what was written.</summary>
    /// <param name="text">The side, in one of <see cref="Forms"/>, or <c>primary</c> or <c>secondary</c> of the mirror that is configured.</param>
    /// <param name="inUse">The configuration in use, which a backend's name and the rest of a URL's settings come from.</param>
    /// <exception cref="ConfigurationMistakeException">It is none of the forms, or its file is not what it should be.</exception>
    public static NamedIndex Parse(string text, IConfiguration inUse)
    {
        text = text.Trim();
        if (text.Length == 0)
            throw new ConfigurationMistakeException($"a side is empty; name {Forms}.");
        if (text is "primary" or "secondary" && inUse[$"mirror:{text}"] is { Length: > 0 } mirrored)
            return Parse(mirrored, inUse);
        if (text.Split("://", 2) is [var scheme, var rest])
            return scheme.Equals("dynamodb", StringComparison.OrdinalIgnoreCase) ? OfDynamoDb(text, rest, inUse) : OfUrl(text, inUse);
        if (text.Contains('#', StringComparison.Ordinal) || Path.GetExtension(text) is ".yml" or ".yaml")
            return OfFile(text);
        if (text.Equals("mirror", StringComparison.OrdinalIgnoreCase))
            throw new ConfigurationMistakeException($"a mirror cannot be a side; name one of its two: {Forms}.");
        return new(text, Over(inUse, (BackendKey, text)));
    }

    private static NamedIndex OfUrl(string text, IConfiguration inUse) =>
        new(Redaction.Redact("sqlalchemy_index_database", text), Over(inUse, (BackendKey, "sqlalchemy"), ("sqlalchemy_index_database", text)));

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
        if (configuration[BackendKey]?.Trim().ToLowerInvariant() is "" or "none" or "mirror")
            throw new ConfigurationMistakeException($"'{text}' has the search_backend '{configuration[BackendKey]}', which is no index of its own; name {Forms}.");
        return new(text, configuration) { Warnings = [.. UnknownSettings.Find(configuration)] };
    }

    private static NamedIndex OfDynamoDb(string text, string rest, IConfiguration inUse)
    {
        var (prefix, query) = rest.Split('?', 2) is [var before, var after] ? (before.TrimEnd('/'), after) : (rest.TrimEnd('/'), "");
        if (prefix.Length == 0)
            throw new ConfigurationMistakeException($"'{text}' names no tables; write dynamodb://PREFIX?region=REGION.");
        var settings = DynamoDbKeys.Where(key => key.EndsWith("_table", StringComparison.Ordinal)).ToDictionary(key => key, _ => "", StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2) is not [var key, var value] || !DynamoDbKeys.Contains(key))
                throw new ConfigurationMistakeException($"'{text}' has '{part.Split('=')[0]}', which is not understood; write {string.Join("=, ", DynamoDbKeys)}= after the '?', and keys into the configuration.");
            settings[key] = Uri.UnescapeDataString(value);
        }

        return new(text, Over(inUse, [(BackendKey, "dynamodb"), (DynamoDb + "database", prefix), .. settings.Select(setting => (DynamoDb + setting.Key, setting.Value))]));
    }

    private static IConfigurationRoot Over(IConfiguration inUse, params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .Add(GivenSettings.Of(inUse))
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
