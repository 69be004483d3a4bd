using System.CommandLine;
using RegistryIndex.Migration;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Indexes;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Commands;

/// <summary>Registers the services of the commands and the server.</summary>
internal static class CommandServices
{
    /// <param name="services">The container.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="asksRegistry">Whether the registry is contacted, so that this user must be able to read the files with its password and
    /// certificates.</param>
    public static IServiceCollection AddIndexServices(this IServiceCollection services, IConfiguration configuration, bool asksRegistry = false) => services
        .AddSingleton(TimeProvider.System)
        .AddRegistryIndex(configuration)
        .Decorate<IRegistryIndex, OriginMarkingIndex>()
        .AddRegistryServices(configuration, asksRegistry);

    /// <summary>Adds the same services without the index, which a command may name in its arguments.</summary>
    public static IServiceCollection AddRegistryServices(this IServiceCollection services, IConfiguration configuration, bool asksRegistry = false) => services
        .AddRegistryStorage(configuration)
        .AddRegistryClient(configuration, readsFiles: asksRegistry)
        .AddRegistrySynchronization(configuration)
        .AddServerOptions(configuration);

    /// <summary>
    /// Opens the configured index for a command that fills it. Creates and adopts what an initialization does, and reports what is created.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="check">Throws when the command cannot do its work, before anything is created.</param>
    /// <param name="asksRegistry">Whether the registry is contacted.</param>
    /// <exception cref="ConfigurationMistakeException">The index is in memory and would be lost when the command ends.</exception>
    public static async Task<ServiceProvider> OpenAsync(
        ParseResult parsed, CancellationToken cancellationToken, Func<IServiceProvider, Task>? check = null, bool asksRegistry = false)
    {
        string? made = null;
        var opened = await OpenAsync(Build(Settings.Read(parsed, cancellationToken), asksRegistry), async services =>
        {
            var source = services.GetService<IRegistryIndexSource>();
            if (source?.Location == OpenedIndex.Memory)
                throw new ConfigurationMistakeException($"The index is in memory and would be gone when {parsed.CommandResult.Command.Name} ends: name a file, such as --database sqlite:////var/lib/registry-index/index.db.");
            await (check?.Invoke(services) ?? Task.CompletedTask);
            if (source is not null && await source.OpenForReadingAsync(cancellationToken) == SourceState.Missing)
                made = source.Location;
        }, cancellationToken);
        if (made is not null)
            await Console.Error.WriteLineAsync($"Created the index {made}, which did not exist.");
        return opened;
    }

    /// <summary>Opens the configured index for a command that changes its content; creates no index.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="check">Throws when the command cannot do its work, before the index is opened.</param>
    /// <exception cref="MissingIndexException">The index does not exist.</exception>
    public static Task<ServiceProvider> OpenExistingAsync(ParseResult parsed, CancellationToken cancellationToken, Func<IServiceProvider, Task>? check = null) => OpenAsync(
        Build(Settings.Read(parsed, cancellationToken)),
        async services =>
        {
            await (check?.Invoke(services) ?? Task.CompletedTask);
            if (services.GetService<IRegistryIndexSource>() is { } source && await source.OpenForReadingAsync(cancellationToken) == SourceState.Missing)
                throw new MissingIndexException(source, services.GetRequiredService<IRegistryIndex>());
        },
        cancellationToken);

    /// <summary>Opens the configured index for a command that only reads it, without changing it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="check">Throws when the command cannot do its work, before the index is opened.</param>
    /// <param name="mayBeMissing">Whether a missing index counts as an empty one.</param>
    /// <param name="asksRegistry">Whether the registry is contacted.</param>
    /// <exception cref="MissingIndexException">The index does not exist.</exception>
    public static Task<ServiceProvider> OpenForReadingAsync(
        ParseResult parsed, CancellationToken cancellationToken, Func<IServiceProvider, Task>? check = null, bool mayBeMissing = false, bool asksRegistry = false) => OpenAsync(
        Build(Settings.Read(parsed, cancellationToken), asksRegistry, services => services.Decorate<IRegistryIndex>((index, provider) =>
            new IndexToRead(index, provider.GetService<IRegistryIndexSource>(), mayBeMissing))),
        check,
        cancellationToken);

    private static async Task<ServiceProvider> OpenAsync(ServiceProvider services, Func<IServiceProvider, Task>? check, CancellationToken cancellationToken)
    {
        try
        {
            await (check?.Invoke(services) ?? Task.CompletedTask);
            await services.GetRequiredService<IRegistryIndex>().InitializeAsync(cancellationToken);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Builds the services of a command. All settings are checked, and no connection is made.</summary>
    /// <exception cref="ConfigurationMistakeException">A setting is invalid.</exception>
    public static ServiceProvider Build(IConfiguration configuration, bool asksRegistry = false, Action<IServiceCollection>? change = null)
    {
        var services = configuration.Explained(() =>
        {
            SettingsFiles.Check(configuration, toRead: asksRegistry ? "registry_" : null);
            var services = new ServiceCollection().AddSingleton(configuration).AddCommandLogging(configuration).AddIndexServices(configuration, asksRegistry);
            change?.Invoke(services);
            return services.BuildServiceProvider();
        });
        try
        {
            services.CheckOptions(configuration);
            return services;
        }
        catch
        {
            services.Dispose();
            throw;
        }
    }
}
