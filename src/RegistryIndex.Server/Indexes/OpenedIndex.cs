using RegistryIndex.Backends;
using RegistryIndex.Migration;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Indexes;

/// <summary>An index that was opened for a move or a mirror, with services of its own.</summary>
internal sealed class OpenedIndex : IAsyncDisposable
{
    /// <summary>As providers call the place of an index that goes with its process.</summary>
    public const string Memory = "memory";

    private readonly ServiceProvider _services;
    private readonly IRegistryIndexSource? _source;

    private OpenedIndex(NamedIndex side, ServiceProvider services)
    {
        (Text, _services) = (side.Text, services);
        Index = services.GetRequiredService<IRegistryIndex>();
        _source = services.GetService<IRegistryIndexSource>();
        if (Index.Provider == NoIndex.Name)
            throw new ConfigurationMistakeException($"'{Text}' is no index; name {NamedIndex.Forms}.");
    }

    /// <summary>What somebody called it.</summary>
    public string Text { get; }

    /// <summary>The index.</summary>
    public IRegistryIndex Index { get; }

    /// <summary>How many searches it answers well at the same time.</summary>
    public ISearchCapacity Capacity => _services.GetRequiredService<ISearchCapacity>();

    /// <summary>How it is filled soonest; null where its provider has no wish.</summary>
    public IImportPreference? ImportPreference => _services.GetService<IImportPreference>();

    /// <summary>What writes to it are billed; null where they are not.</summary>
    public IWriteCost? WriteCost => _services.GetService<IWriteCost>();

    /// <summary>Where it is; known when it has been opened.</summary>
    public string Location { get; private set; } = "";

    /// <summary>Where it is, if that is known before it is opened.</summary>
    public string? Place => _source?.Location;

    /// <summary>How many repositories it held when it was opened.</summary>
    public long Repositories { get; private set; }

    /// <summary>Whether searches are answered; what was opened as it was found may only be listed.</summary>
    public bool IsSearchable { get; private set; }

    /// <summary>Whether mirrors write to it, or did once.</summary>
    public bool IsMirrored { get; private set; }

    /// <summary>Puts it together; nothing is connected to yet.</summary>
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

    /// <summary>What writes to an index would be billed, whether it is there or not; null where they are not.</summary>
    public static async Task<IWriteCost?> FindWriteCostAsync(NamedIndex side)
    {
        await using var prepared = Prepare(side);
        return prepared.WriteCost;
    }

    /// <summary>Checks its settings; nothing is opened.</summary>
    /// <exception cref="ConfigurationMistakeException">A setting is not what it must be.</exception>
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

    /// <summary>Opens it for reading and, where the backend can, leaves it as it is.</summary>
    /// <exception cref="RegistryIndexException">There is no index.</exception>
    public static async Task<OpenedIndex> ForReadingAsync(NamedIndex side, CancellationToken cancellationToken) =>
        await TryForReadingAsync(side, cancellationToken)
        ?? throw new ConfigurationMistakeException($"there is no index at '{side.Text}'; name one that is there.");

    /// <summary>Opens it for reading; null where there is none yet.</summary>
    public static Task<OpenedIndex?> TryForReadingAsync(NamedIndex side, CancellationToken cancellationToken) =>
        OpenAsync(side, (open, cancelled) => open.OpenAsync(forReading: true, cancelled), cancellationToken);

    /// <summary>Opens it for writing: creates and adopts what an initialization does.</summary>
    public static async Task<OpenedIndex> ForWritingAsync(NamedIndex side, CancellationToken cancellationToken) =>
        (await OpenAsync(side, (open, cancelled) => open.Place == Memory
            ? throw new ConfigurationMistakeException($"'{side.Text}' is in memory and would be gone when this command ends; name a file.")
            : open.OpenAsync(forReading: false, cancelled), cancellationToken))!;

    /// <summary>Opens it for reading and, where the backend can, leaves it as it is.</summary>
    public async Task<SourceState> OpenAsFoundAsync(CancellationToken cancellationToken)
    {
        if (_source is not null)
            return await _source.OpenForReadingAsync(cancellationToken);
        await Index.InitializeAsync(cancellationToken);
        return SourceState.Searchable;
    }

    /// <summary>The same for a migration or a comparison.</summary>
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
