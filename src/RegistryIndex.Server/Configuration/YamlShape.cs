using System.Text.RegularExpressions;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Describes what is wrong with a YAML file that is not a docker-registry configuration. The most frequent mistake is a flat file: settings
/// at top level, where the names of flavors belong.
/// </summary>
internal static partial class YamlShape
{
    private const string Extensions = "extensions";

    /// <summary>Describes a document that is not a mapping.</summary>
    public static string OfNoMapping(YamlNode root, string flavor) => root switch
    {
        YamlScalar { IsNull: true } or YamlScalar { Text: "" } => $"the file is empty; {Form(flavor)}",
        YamlScalar text => $"{Text(text)}; {Form(flavor)}",
        _ => $"the file begins with a list, but must be a mapping of flavors; {Form(flavor)}",
    };

    /// <summary>Describes a flavor that is not a mapping.</summary>
    public static string OfNoFlavor(YamlEntry flavor, IEnumerable<YamlEntry> topLevel)
    {
        var name = RepositoryName.Shown(flavor.Key.Text);
        return flavor.Value switch
        {
            YamlScalar { IsNull: true } when topLevel.FirstOrDefault(entry => IsSetting(entry) && entry.Key.Line > flavor.Key.Line) is { Key: { } next } =>
                $"the flavor '{name}' is empty, because '{RepositoryName.Shown(next.Text)}' in line {next.Line} is not indented; indent its settings by two spaces",
            YamlScalar { IsNull: true } => $"the flavor '{name}' is empty; write its settings below it, indented, as 'key: value'",
            YamlSequence => $"the flavor '{name}' is a list; write its settings below it as 'key: value', without '-'",
            YamlScalar text => $"the flavor '{name}' is not a mapping, because {Text(text)}; write its settings below it, indented, as 'key: value'",
            _ => $"the flavor '{name}' is not a mapping; write its settings below it, indented, as 'key: value'",
        };
    }

    /// <summary>Describes a document without the requested flavor: returns what shows that it has no flavors at all, or null.</summary>
    public static (long Line, string Problem)? FindFlat(IEnumerable<YamlEntry> topLevel, string flavor)
    {
        var entries = topLevel.ToList();
        if (entries.FirstOrDefault(entry => entry is { Key.Text: "version", Value: YamlScalar }) is { Key: { } version } && entries.Any(entry => entry is { Key.Text: "storage" or "http", Value: YamlMapping }))
            return (version.Line, $"this is the configuration of distribution, the registry itself; set its rootdirectory with --storage-path or its address with --registry, and write settings into another file: {Form(flavor)}");
        var hasFlavors = FlavorsOf(entries).Count > 0;
        if (hasFlavors && flavor != DockerRegistryYaml.DefaultFlavor)
            return null; // a user who names a flavor knows what flavors are
        return entries.FirstOrDefault(entry => IsOurs(entry) || (!hasFlavors && IsSetting(entry))) is { Key: { } key }
            ? (key.Line, $"'{RepositoryName.Shown(key.Text)}' is at top level, which is only for the names of flavors{Meant(key.Text)}; {Form(flavor)}")
            : null;
    }

    /// <summary>Describes a document that has flavors, but not the requested one.</summary>
    public static string OfMissingFlavor(IEnumerable<YamlEntry> topLevel, string flavor)
    {
        var flavors = FlavorsOf(topLevel);
        var named = string.Join(", ", flavors.Take(20).Select(name => $"'{RepositoryName.Shown(name)}'"));
        return $"has no flavor '{RepositoryName.Shown(flavor)}'" + flavors.Count switch
        {
            0 => $" and no other; {Form(flavor)}",
            1 => $"; its only one is {named}: choose that with --flavor or SETTINGS_FLAVOR",
            _ => $"; there are {named}: choose one with --flavor or SETTINGS_FLAVOR",
        };
    }

    /// <summary>Returns settings beside the flavors, which have no effect there.</summary>
    public static IEnumerable<(long Line, string Problem)> FindMisplaced(IEnumerable<YamlEntry> topLevel, string flavor)
    {
        foreach (var (key, value) in topLevel)
        {
            var name = RepositoryName.Shown(key.Text);
            if (value is YamlMapping && key.Text != Extensions && key.Text != flavor && Spelling.FindNearest(key.Text, [Extensions]) is not null)
                yield return (key.Line, $"'{name}' is read as a flavor, and has no effect: did you mean {Extensions}?");
            else if (value is not YamlMapping && (KnownSettings.IsKnown(key.Text) || UnknownSettings.FindMeant(key.Text) is not null))
                yield return (key.Line, $"'{name}' is at top level, which is only for the names of flavors, and has no effect: write {(UnknownSettings.FindMeant(key.Text) is { } meant ? $"{meant}, which it looks like," : "it")} below '{RepositoryName.Shown(flavor)}:', indented.");
        }
    }

    /// <summary>Whether a value looks like a misspelled reference to a variable.</summary>
    public static bool IsAlmostReference(YamlScalar scalar) =>
        scalar.Text.Trim() is var text && (text.Equals("_env", StringComparison.OrdinalIgnoreCase)
            || (text.StartsWith("_env:", StringComparison.OrdinalIgnoreCase) && !scalar.Text.StartsWith("_env:", StringComparison.Ordinal)));

    private static List<string> FlavorsOf(IEnumerable<YamlEntry> topLevel) =>
        [.. topLevel.Where(entry => entry.Value is YamlMapping && entry.Key.Text != Extensions && !IsOurs(entry)).Select(entry => entry.Key.Text)];

    // A setting, a misspelled setting, or a key that has settings below it.
    private static bool IsOurs(YamlEntry entry) => KnownSettings.All.ContainsKey(entry.Key.Text) || (entry.Value is YamlMapping
        ? entry.Key.Text != Extensions && KnownSettings.All.Keys.Any(key => key.StartsWith(entry.Key.Text + ConfigurationPath.KeyDelimiter, StringComparison.OrdinalIgnoreCase))
        : UnknownSettings.FindMeant(entry.Key.Text) is not null);

    private static string Meant(string key) => UnknownSettings.FindMeant(key) is { } meant ? $", and looks like {meant}" : "";

    private static bool IsSetting(YamlEntry entry) => entry.Value is not YamlMapping || KnownSettings.All.ContainsKey(entry.Key.Text);

    private static string Form(string flavor) => $"write a line '{RepositoryName.Shown(flavor)}:', and below it, indented by two spaces, lines such as 'storage_path: /var/lib/registry'";

    private static string Text(YamlScalar scalar) => scalar.Text switch
    {
        var text when NoSpace().Match(text) is { Success: true } key => $"'{RepositoryName.Shown(key.Value)}' needs a space after its colon",
        var text when Assignment().Match(text) is { Success: true } key => $"'{RepositoryName.Shown(key.Value)}' needs ': ' instead of '='",
        _ => "there is a text instead of settings",
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_]+:(?=\S)", RegexOptions.CultureInvariant)]
    private static partial Regex NoSpace();

    [GeneratedRegex(@"\A[A-Za-z0-9_]+(?=\s*=)", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
