using System.Collections;
using System.Text.RegularExpressions;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Configuration;

/// <summary>The inputs of the server's configuration.</summary>
internal sealed record ConfigurationInput
{
    /// <summary>The environment variables; no other code reads those of the process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The directory of the <c>appsettings</c> files, and of a relative <see cref="File"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>The docker-registry YAML file from the command line, or null.</summary>
    public string? File { get; init; }

    /// <summary>Ends the wait for the content of <see cref="File"/>, when it is a pipe.</summary>
    public CancellationToken Interrupted { get; init; }

    /// <summary>The flavor from the command line, or null.</summary>
    public string? Flavor { get; init; }

    /// <summary>The location of the default database in earlier versions.</summary>
    public string OldDatabase { get; init; } = DefaultSqliteFile.OldFile;

    /// <summary>Settings from the command line, by configuration key.</summary>
    public IReadOnlyDictionary<string, string> CommandLine { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment and the working directory of this process.</summary>
    public static ConfigurationInput OfProcess() => new()
    {
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
        Directory = FindDirectory(),
    };

    private static string FindDirectory()
    {
        try
        {
            return System.IO.Directory.GetCurrentDirectory();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationMistakeException("The working directory, which may contain appsettings.json, was deleted or cannot be found: change to one that exists (cd).", error);
        }
    }

    /// <summary>
    /// Returns the path of a file that is named relative to the working directory or absolutely; an empty name stays empty, and does not
    /// become the directory.
    /// </summary>
    internal string PathOf(string file) => file.Length == 0 ? "" : Path.Combine(Directory, file);

    /// <summary>Returns a variable's value, or null when it is not set or empty; for the choice of a file, both mean the same.</summary>
    internal string? Named(string variable) => Environment.GetValueOrDefault(variable) is { Length: > 0 } value ? value : null;
}

/// <summary>The settings of the server and their precedence, which docs/configuration.md describes.</summary>
internal static partial class ServerConfiguration
{
    private const string Prefix = "REGISTRYINDEX__";
    private const string DynamoDb = "extensions:dynamodb_index:";

    /// <summary>Adds all sources, lowest first. When the builder loads sources at once, as the host's does, mistakes are thrown here.</summary>
    /// <exception cref="ConfigurationMistakeException">A file, a variable or a setting is invalid; with other builders, <c>Build</c>
    /// throws.</exception>
    public static IConfigurationBuilder AddServerConfiguration(this IConfigurationBuilder builder, ConfigurationInput input)
    {
        var host = input.Named("DOTNET_ENVIRONMENT") ?? input.Named("ASPNETCORE_ENVIRONMENT") ?? "Production";
        builder.Add(Defaults(input))
            .Add(WebServersVariables.Of(input.Environment))
            .Add(OpenTelemetryVariables.Of(input.Environment))
            .Add(PredecessorsVariables(input.Environment))
            .Add(new AppSettings(input.Directory, "appsettings.json"))
            .Add(new AppSettings(input.Directory, $"appsettings.{host}.json"));
        if (YamlFile(input) is { } yaml)
            builder.Add(yaml);
        return builder.Add(PrefixedVariables(input.Environment)).Add(CommandLine(input.CommandLine));
    }

    private static GivenSettings Defaults(ConfigurationInput input)
    {
        var settings = new GivenSettings();
        settings.Add(RegistryIndexServiceCollectionExtensions.ProviderKey, RegistryIndexServiceCollectionExtensions.DefaultProvider, "default");
        if (DefaultSqliteFile.FindUrl(input.Environment.GetValueOrDefault, input.OldDatabase) is { } database)
            settings.Add("sqlalchemy_index_database", database, "default");
        settings.Add("urls", "http://127.0.0.1:5080", "default");
        return settings;
    }

    // The Python registry's sample file named these in `_env:`; without a file they have the same meaning.
    private static GivenSettings PredecessorsVariables(IReadOnlyDictionary<string, string> environment)
    {
        (string Variable, string Key)[] known =
        [
            ("SEARCH_BACKEND", RegistryIndexServiceCollectionExtensions.ProviderKey),
            ("SQLALCHEMY_INDEX_DATABASE", "sqlalchemy_index_database"),
            ("STORAGE_PATH", "storage_path"),
            ("DYNAMODB_DATABASE", DynamoDb + "database"),
            ("DYNAMODB_REGION", DynamoDb + "region"),
            ("DYNAMODB_REPOSITORY_TABLE", DynamoDb + "repository_table"),
            ("DYNAMODB_VERSION_TABLE", DynamoDb + "version_table"),
            ("DYNAMODB_SEARCH_TABLE", DynamoDb + "search_table"),
            ("DYNAMODB_ACCESS_KEY", DynamoDb + "access_key"),
            ("DYNAMODB_SECRET_ACCESS_KEY", DynamoDb + "secret_access_key"),
        ];
        var settings = new GivenSettings();
        foreach (var (variable, key) in known)
        {
            if (environment.TryGetValue(variable, out var value))
                settings.Add(key, value, Variable(variable));
        }

        return settings;
    }

    private static DockerRegistryYaml? YamlFile(ConfigurationInput input)
    {
        if ((input.File ?? input.Named("DOCKER_REGISTRY_CONFIG")) is not { } file)
        {
            return input.Flavor is null
                ? null
                : throw new ConfigurationMistakeException("--flavor needs a file; name it with --config or DOCKER_REGISTRY_CONFIG.");
        }

        var flavor = input.Flavor ?? input.Named("SETTINGS_FLAVOR") ?? DockerRegistryYaml.DefaultFlavor;
        return new DockerRegistryYaml(
            input.PathOf(file),
            flavor,
            name => input.Environment.GetValueOrDefault(name),
            (path, what) => GivenFile.OpenFileOrPipe(path, what, input.Interrupted));
    }

    private static GivenSettings PrefixedVariables(IReadOnlyDictionary<string, string> environment)
    {
        var settings = new GivenSettings();
        foreach (var (variable, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                if (AlmostPrefix().Match(variable) is { Success: true } almost && FindMeant(variable[almost.Length..]) is { } meant)
                    settings.Warn($"The environment variable {RepositoryName.Shown(variable)} is not a setting, and has no effect: did you mean {VariableOf(meant)}?");
                continue;
            }

            var key = variable[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal).ToLowerInvariant();
            if (key.Length == 0)
                throw new ConfigurationMistakeException($"The environment variable {Prefix} has no name of a setting after it; add one or unset the variable.");
            settings.Add(key, value, Variable(variable));
        }

        return settings;
    }

    private static string? FindMeant(string name) => name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) is var key && KnownSettings.IsKnown(key) ? key : UnknownSettings.FindMeant(key);

    private static string VariableOf(string key) => Prefix + key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal).ToUpperInvariant();

    // Other programs' variables may begin with REGISTRYINDEX_ too, and so do those that Kubernetes derives from a service's name.
    [GeneratedRegex("""\AREGISTRY[_.-]?INDEX[_.:-]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AlmostPrefix();

    private static GivenSettings CommandLine(IReadOnlyDictionary<string, string> given)
    {
        var settings = new GivenSettings();
        foreach (var (key, value) in given)
            settings.Add(key, value, "command line");
        return settings;
    }

    private static string Variable(string name) => $"environment variable {name}";
}
