using RegistryIndex.Migration;
using RegistryIndex.Providers;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Indexes;

/// <summary>An index that was opened for a migration or mirror, with its own services.</summary>
internal sealed class OpenedIndex : IAsyncDisposable
{
    /// <summary>The location that providers report for an index in the memory of its process.</summary>
    public const string Memory = "memory";

    private readonly ServiceProvider _services;
    private readonly IRegistryIndexSource? _source;

    private OpenedIndex(NamedIndex side, ServiceProvider services)
    {
        (Text, _services) = (side.Text, services);
        Index = services.GetRequiredService<IRegistryIndex>();
        _source = services.GetService<IRegistryIndexSource>();
        if (Index.Provider == NoIndex.Name)
            throw new ConfigurationMistakeException($"'{Text}' is not an index; name {NamedIndex.Forms}.");
    }

    /// <summary>The name of the index, as the operator wrote it.</summary>
    public string Text { get; }

    /// <summary>The index.</summary>
    public IRegistryIndex Index { get; }

    /// <summary>How many searches the index serves well at the same time.</summary>
    public ISearchCapacity Capacity => _services.GetRequiredService<ISearchCapacity>();

    /// <summary>How the index is filled fastest; null when its provider has no preference.</summary>
    public IImportPreference? ImportPreference => _services.GetService<IImportPreference>();

    /// <summary>The billed cost of writes to the index; null when they are not billed.</summary>
    public IWriteCost? WriteCost => _services.GetService<IWriteCost>();

    /// <summary>The location of the index; known after it was opened.</summary>
    public string Location { get; private set; } = "";

    /// <summary>The location of the index, if it is known before it is opened.</summary>
    public string? Place => _source?.Location;

    /// <summary>How many repositories the index had when it was opened.</summary>
    public long Repositories { get; private set; }

    /// <summary>Whether searches are answered; an index that was opened unchanged may support listing only.</summary>
    public bool IsSearchable { get; private set; }

    /// <summary>Whether mirrors write to the index, or did so earlier.</summary>
    public bool IsMirrored { get; private set; }

    /// <summary>Creates the services of the index; no connection is made.</summary>
    public static OpenedIndex Prepare(NamedIndex side, Action<IServiceCollection>? addShared = null)
    {
        ServiceProvider? provider = null;
        try
        {
            provider = BuildServices(side, addShared);
            return new(side, provider);
        }
        catch (Exception error)
        {
            provider?.Dispose();
            if (error is ConfigurationMistakeException { IsExplained: true })
                throw new ConfigurationMistakeException($"'{side.Text}' cannot be opened: {error.Message}", error) { IsExplained = true };
            throw;
        }
    }

    /// <summary>Returns the billed cost of writes to an index, whether or not it exists; null when writes are not billed.</summary>
    public static async Task<IWriteCost?> FindWriteCostAsync(NamedIndex side)
    {
        await using var prepared = Prepare(side);
        return prepared.WriteCost;
    }

    /// <summary>Checks the settings of the index; nothing is opened.</summary>
    /// <exception cref="ConfigurationMistakeException">A setting is invalid.</exception>
    public static void Check(NamedIndex side) => BuildServices(side, addShared: null).Dispose();

    private static ServiceProvider BuildServices(NamedIndex side, Action<IServiceCollection>? addShared)
    {
        ServiceProvider? provider = null;
        try
        {
            var configuration = SettingsCheck.Settle(side.Configuration);
            var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System);
            if (addShared is null)
                services.AddCommandLogging(configuration);
            else
                addShared(services);
            provider = configuration.Explained(() => services.AddRegistryIndex(configuration).BuildServiceProvider());
            provider.CheckOptions(configuration);
            return provider;
        }
        catch
        {
            provider?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the index for reading, without changing it when the provider supports that.</summary>
    /// <exception cref="RegistryIndexException">The index does not exist.</exception>
    public static async Task<OpenedIndex> ForReadingAsync(NamedIndex side, CancellationToken cancellationToken) =>
        await TryForReadingAsync(side, cancellationToken)
        ?? throw new ConfigurationMistakeException($"the index '{side.Text}' does not exist; name an existing one.");

    /// <summary>Opens the index for reading; null when it does not exist yet.</summary>
    public static Task<OpenedIndex?> TryForReadingAsync(NamedIndex side, CancellationToken cancellationToken) =>
        OpenAsync(side, (open, cancelled) => open.OpenAsync(forReading: true, cancelled), cancellationToken);

    /// <summary>Opens the index for writing: creates and adopts what an initialization does.</summary>
    public static async Task<OpenedIndex> ForWritingAsync(NamedIndex side, CancellationToken cancellationToken) =>
        (await OpenAsync(side, (open, cancelled) => open.Place == Memory
            ? throw new ConfigurationMistakeException($"'{side.Text}' is in memory and would be gone when this command ends; name a file.")
            : open.OpenAsync(forReading: false, cancelled), cancellationToken))!;

    /// <summary>Opens the index for reading, without changing it when the provider supports that.</summary>
    public async Task<SourceState> OpenAsFoundAsync(CancellationToken cancellationToken)
    {
        if (_source is not null)
            return await _source.OpenForReadingAsync(cancellationToken);
        await Index.InitializeAsync(cancellationToken);
        return SourceState.Searchable;
    }

    /// <summary>Returns the index for a migration or a comparison.</summary>
    public MigrationEndpoint ToEndpoint() => new(Index, Location) { IsSearchable = IsSearchable, IsMirrored = IsMirrored };

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task<OpenedIndex?> OpenAsync(NamedIndex side, Func<OpenedIndex, CancellationToken, Task<bool>> openIt, CancellationToken cancellationToken)
    {
        var open = Prepare(side);
        var isOpen = false;
        try
        {
            isOpen = await openIt(open, cancellationToken);
            return isOpen ? open : null;
        }
        finally
        {
            if (!isOpen)
                await open.DisposeAsync();
        }
    }

    private async Task<bool> OpenAsync(bool forReading, CancellationToken cancellationToken)
    {
        var state = SourceState.Searchable;
        if (forReading)
            state = await OpenAsFoundAsync(cancellationToken);
        else
            await Index.InitializeAsync(cancellationToken);
        if (state == SourceState.Missing)
            return false;
        IsSearchable = state == SourceState.Searchable;
        IsMirrored = IsSearchable && await MirrorMark.IsSetAsync(Index, cancellationToken);
        var status = await Index.GetStatusAsync(cancellationToken);
        (Location, Repositories) = (status.Location, status.Repositories);
        return true;
    }
}
