using System.CommandLine;
using System.Runtime.CompilerServices;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Hosting;
using RegistryIndex.Server.Indexes;
using RegistryIndex.Server.Monitoring;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Commands;

/// <summary>The options of every command. They are settings, and override all other sources.</summary>
internal static class Settings
{
    private static readonly Option<string?> ConfigFile = new("--config", "-c") { Description = "A docker-registry YAML file (else DOCKER_REGISTRY_CONFIG).", HelpName = "FILE" };
    private static readonly Option<string?> Flavor = new("--flavor") { Description = "Its flavor (else SETTINGS_FLAVOR, else dev).", HelpName = "NAME" };
    private static readonly Option<string?> Provider = Setting("--search-backend", "The provider: sqlalchemy, dynamodb, or an assembly; empty for none.", "NAME");
    private static readonly Option<string?> Database = Setting("--database", "The SQL database: sqlite:///relative.db, sqlite:////absolute.db, postgresql://user:password@host/database, …", "URL");
    private static readonly Option<string?> StoragePath = Setting("--storage-path", "The directory in which the registry keeps its images.", "DIR");
    private static readonly Option<string?> Registry = Setting("--registry", "The registry to follow, such as http://127.0.0.1:5000.", "URL");
    private static readonly Option<string[]> Set = new("--set") { Description = "Any setting, such as --set extensions:dynamodb_index:region=eu-west-1.", HelpName = "KEY=VALUE" };

    private static readonly (Option<string?> Option, string Key)[] Keys =
        [(Provider, "search_backend"), (ConformanceCommand.Provider, "search_backend"), (Database, "sqlalchemy_index_database"), (StoragePath, "storage_path"), (Registry, "registry"), (ServeCommand.Urls, "urls")];

    // A file that is a pipe can be read only once.
    private static readonly ConditionalWeakTable<ParseResult, IConfigurationRoot> AreRead = [];

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[ConfigFile, Flavor, Provider, Database, StoragePath, Registry, Set])
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    /// <summary>
    /// Returns the effective settings in their normal form. <see cref="CommandServices.Build"/> checks whether services can be built from
    /// them.
    /// </summary>
    /// <exception cref="ConfigurationMistakeException">A file or value is invalid.</exception>
    public static IConfigurationRoot Read(ParseResult parsed, CancellationToken cancellationToken)
    {
        Engines.Load();
        return SettingsCheck.Settle(ReadLayers(parsed, cancellationToken));
    }

    /// <summary>Returns the same for a command that builds other services: all settings are checked, even those that it does not use.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static IConfigurationRoot ReadChecked(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settled = Read(parsed, cancellationToken);
        CommandServices.Build(settled).Dispose();
        return settled;
    }

    /// <summary>Returns the settings as they are written, source by source.</summary>
    /// <exception cref="ConfigurationMistakeException">A source cannot be read.</exception>
    public static IConfigurationRoot ReadLayers(ParseResult parsed, CancellationToken cancellationToken)
    {
        var layers = new ConfigurationBuilder().AddServerConfiguration(InputOf(parsed) with { Interrupted = cancellationToken }).Build();
        AreRead.AddOrUpdate(parsed, layers);
        Warn(parsed, UnknownSettings.Find(layers));
        return layers;
    }

    /// <summary>Returns the value of one setting as it is written, if the settings have been read.</summary>
    public static string? Peek(ParseResult parsed, string key) => AreRead.TryGetValue(parsed, out var layers) ? layers[key] : null;

    /// <summary>Whether the command is the server, whose settings have been read and ask for a log of JSON.</summary>
    public static bool LogsJson(ParseResult parsed) => parsed.CommandResult.Command.Name == ServeCommand.Name && MonitoringOptions.IsJson(Peek(parsed, "log_format"));

    /// <summary>Returns an index that an option names.</summary>
    /// <exception cref="ConfigurationMistakeException">The text has none of the forms, or its file is invalid.</exception>
    public static NamedIndex ReadNamedIndex(ParseResult parsed, Option<string> option, IConfiguration inUse)
    {
        var side = NamedIndex.Parse(parsed.GetRequiredValue(option), inUse);
        Warn(parsed, side.Warnings);
        return side;
    }

    private static void Warn(ParseResult parsed, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
            parsed.InvocationConfiguration.Error.WriteLine(LogsJson(parsed) ? JsonLines.Of(LogLevel.Warning, warning) : $"registry-index: warning: {HarmlessText.Of(warning)}");
    }

    private static ConfigurationInput InputOf(ParseResult parsed)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var assignment in parsed.GetValue(Set) ?? [])
        {
            var split = assignment.IndexOf('=', StringComparison.Ordinal);
            var key = split < 0 ? assignment : assignment[..split];
            if (split < 0 || key.Split(ConfigurationPath.KeyDelimiter).Any(part => part.Length == 0 || part.Trim().Length < part.Length || part.Any(char.IsControl)))
                throw new ConfigurationMistakeException($"--set '{RepositoryName.Shown(split < 0 ? $"{key.Split(ConfigurationPath.KeyDelimiter)[0]}…" : key)}' is not of the form KEY=VALUE: write such as --set rate_limit=50.");
            given[key] = assignment[(split + 1)..];
        }

        foreach (var (option, key) in Keys)
        {
            if (parsed.GetResult(option) is not null)
                given[key] = parsed.GetValue(option) ?? "";
        }

        return ConfigurationInput.OfProcess() with { File = parsed.GetValue(ConfigFile), Flavor = parsed.GetValue(Flavor), CommandLine = given };
    }

    public static Option<string?> Setting(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };
}
