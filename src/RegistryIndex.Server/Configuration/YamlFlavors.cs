namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Resolves the flavors of a docker-registry configuration: applies merges, looks up <c>_env</c>, puts the top-level <c>extensions</c>
/// under the flavor's, and flattens the result to configuration keys.
/// </summary>
/// <param name="file">The file's name, for errors.</param>
/// <param name="environment">Looks up an environment variable; null when it is not set.</param>
internal sealed class YamlFlavors(string file, Func<string, string?> environment)
{
    private const string Extensions = "extensions";
    private const string EnvironmentPrefix = "_env:";

    private readonly YamlSettings _settings = new();
    private readonly HashSet<YamlNode> _ofVariables = [];
    private int _resolved;

    /// <summary>Reads the settings of one flavor.</summary>
    /// <exception cref="ConfigurationMistakeException">The text is not such a configuration, or does not have the flavor.</exception>
    public static YamlSettings Read(string file, string text, string flavor, Func<string, string?> environment)
    {
        var flavors = new YamlFlavors(file, environment);
        var chosen = flavors.Choose(YamlComposer.Compose(text, flavors.Mistake), flavor);
        flavors.Flatten("", chosen, chosen.Line);
        return flavors._settings;
    }

    private YamlMapping Choose(YamlNode root, string flavor)
    {
        if (root is not YamlMapping document)
            throw Mistake(root.Line, YamlShape.OfNoMapping(root, flavor));
        var topLevel = Merged(document);
        if (!topLevel.TryGetValue(flavor, out var chosen))
        {
            throw YamlShape.FindFlat(topLevel.Values, flavor) is var (line, problem)
                ? Mistake(line, problem)
                : new ConfigurationMistakeException($"{file} {YamlShape.OfMissingFlavor(topLevel.Values, flavor)}.");
        }

        if (Resolve(chosen.Value) is not YamlMapping settings)
            throw Mistake(chosen.Key.Line, YamlShape.OfNoFlavor(chosen, topLevel.Values));
        _settings.Warnings.AddRange(YamlShape.FindMisplaced(topLevel.Values, flavor).Select(misplaced => $"{file}, line {misplaced.Line}: {misplaced.Problem}"));
        if (flavor == Extensions || !topLevel.TryGetValue(Extensions, out var extensions))
            return settings;
        var below = new YamlMapping(extensions.Key.Line);
        below.Add(extensions with { Value = Resolve(extensions.Value) });
        return (YamlMapping)Overlay(below, settings);
    }

    // The flavor overrides key by key; when it has no value, as in an empty `extensions:`, nothing is lost.
    private static YamlNode Overlay(YamlNode below, YamlNode above)
    {
        if (below is not YamlMapping mapping)
            return above;
        if (above is not YamlMapping winner)
            return above is YamlScalar { IsNull: true } ? below : above;
        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
            entries[entry.Key.Text] = entry;
        foreach (var entry in winner.Entries)
            entries[entry.Key.Text] = entries.TryGetValue(entry.Key.Text, out var under) ? entry with { Value = Overlay(under.Value, entry.Value) } : entry;
        return Mapping(winner.Line, entries.Values);
    }

    private YamlNode Resolve(YamlNode node, bool lookUp = true)
    {
        if (++_resolved > YamlComposer.MaxNodes)
            throw Mistake(node.Line, $"with merges and environment variables expanded there are more than {YamlComposer.MaxNodes} values; shorten the file");
        switch (node)
        {
            case YamlMapping mapping:
                return Mapping(mapping.Line, Merged(mapping).Values.Select(entry => entry with { Value = Resolve(entry.Value, lookUp) }));
            case YamlSequence sequence:
                var items = new YamlSequence(sequence.Line);
                foreach (var item in sequence.Items)
                    items.Add(Resolve(item, lookUp));
                return items;
            case YamlScalar scalar when lookUp && YamlShape.IsAlmostReference(scalar):
                throw Mistake(scalar.Line, "the value resembles a reference to an environment variable; write _env:NAME or _env:NAME:DEFAULT");
            case YamlScalar scalar when lookUp && scalar.Text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal):
                var value = Resolve(LookUp(scalar), lookUp: false);
                _ofVariables.Add(value);
                return value;
            default:
                return node;
        }
    }

    // _env:NAME[:DEFAULT]; the default may contain colons.
    private YamlNode LookUp(YamlScalar reference)
    {
        var parts = reference.Text.Split(':', 3);
        var name = parts[1];
        if (!IsVariable(name))
            throw Mistake(reference.Line, $"this '_env:' has no name of a variable{(string.IsNullOrWhiteSpace(name) ? "" : $", because '{RepositoryName.Shown(name)}' is not one")}; write _env:NAME or _env:NAME:DEFAULT");
        var value = environment(name);
        var what = $"the {(value is null ? "default" : "value")} of the environment variable '{RepositoryName.Shown(name)}'";
        return YamlComposer.Compose(
            value ?? parts.ElementAtOrDefault(2) ?? "",
            (_, _) => Mistake(reference.Line, $"{what} is not a YAML value; correct it or put it in quotes"));
    }

    // Of several merged mappings in one list, the first wins; of several merge keys, the last; own keys always win.
    private OrderedDictionary<string, YamlEntry> Merged(YamlMapping mapping)
    {
        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var merge in mapping.Entries.Where(entry => entry.Key.IsMergeKey))
        {
            foreach (var source in MergedMappings(merge).Reverse())
            {
                foreach (var (key, entry) in Merged(source))
                    entries[key] = entry;
            }
        }

        foreach (var entry in mapping.Entries.Where(entry => !entry.Key.IsMergeKey))
            entries[entry.Key.Text] = entry;
        return entries;
    }

    private IEnumerable<YamlMapping> MergedMappings(YamlEntry merge) => (merge.Value is YamlSequence list ? list.Items : [merge.Value])
        .Select(node => node as YamlMapping ?? throw Mistake(merge.Key.Line, "'<<' merges a value that is not a mapping; use the alias of a mapping or a list of such aliases"));

    // The value of a variable has no lines of its own.
    private void Flatten(string path, YamlNode node, long line)
    {
        var isOfFile = !_ofVariables.Contains(node);
        switch (node)
        {
            case YamlMapping { Entries: { Count: > 0 } entries }:
                foreach (var (key, value) in entries)
                    Flatten(path.Length == 0 ? key.Text : ConfigurationPath.Combine(path, key.Text), value, isOfFile ? key.Line : line);
                break;
            case YamlSequence { Items: { Count: > 0 } items }:
                foreach (var (index, item) in items.Index())
                    Flatten(ConfigurationPath.Combine(path, $"{index}"), item, isOfFile ? item.Line : line);
                break;
            case var _ when path.Length == 0:
                break;
            case var _ when !_settings.Values.TryAdd(path, (node as YamlScalar)?.Value ?? ""):
                throw Mistake(line, $"the key '{RepositoryName.Shown(path)}' occurs twice, first in line {_settings.Lines[path]}, because keys are case-insensitive and ':' separates levels; keep one");
            default:
                _settings.Lines[path] = line;
                break;
        }
    }

    private static bool IsVariable(string name) => name.Length > 0 && !name.AsSpan().ContainsAny('=', '$', '{') && !name.Any(char.IsWhiteSpace);

    private static YamlMapping Mapping(long line, IEnumerable<YamlEntry> entries)
    {
        var mapping = new YamlMapping(line);
        foreach (var entry in entries)
            mapping.Add(entry);
        return mapping;
    }

    private ConfigurationMistakeException Mistake(long line, string problem) => new($"{file}, line {line}: {problem}.");
}
