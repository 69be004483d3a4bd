using System.Diagnostics.Metrics;
using RegistryIndex.Server.Indexes;
using RegistryIndex.Server.Mirroring;

[assembly: RegistryIndex.RegistryIndexProvider(typeof(MirrorProvider), MirrorProvider.Name)]

namespace RegistryIndex.Server.Mirroring;

/// <summary><c>search_backend: mirror</c>: two indexes, a primary that answers and a secondary that follows.</summary>
internal sealed class MirrorProvider : IRegistryIndexProvider
{
    public const string Name = "mirror";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var settings = MirrorSettings.Read(configuration);
        services.AddSingleton(provider => new MirroredIndexes(settings, provider));
        services.AddMirroredRegistryIndex(
            provider => provider.GetRequiredService<MirroredIndexes>().Primary.Index,
            provider => provider.GetRequiredService<MirroredIndexes>().Secondary.Index,
            provider => new() { ComparedShare = settings.Compare, SecondaryLocation = provider.GetRequiredService<MirroredIndexes>().Secondary.Place });
        services.AddSingleton(provider => new MirrorSource(provider.GetRequiredService<MirroredIndexes>()));
        services.AddSingleton<IRegistryIndexSource>(provider => provider.GetRequiredService<MirrorSource>());
        services.AddSingleton<ISearchCapacity>(provider => provider.GetRequiredService<MirrorSource>());
    }
}

/// <summary>The two indexes of a mirror, each with its own services. They are disposed of after the mirror, which is created after them.</summary>
internal sealed partial class MirroredIndexes : IAsyncDisposable
{
    public MirroredIndexes(MirrorSettings settings, IServiceProvider provider)
    {
        foreach (var warning in settings.Primary.Warnings.Concat(settings.Secondary.Warnings))
            LogWarning(provider.GetRequiredService<ILogger<MirroredIndexes>>(), warning);
        Primary = Prepare(settings.Primary);
        Secondary = Prepare(settings.Secondary);

        OpenedIndex Prepare(NamedIndex side) => OpenedIndex.Prepare(side, services =>
        {
            services.AddSingleton(provider.GetRequiredService<ILoggerFactory>()).AddLogging().AddSingleton(provider.GetRequiredService<IMeterFactory>());
            if (provider.GetService<TimeProvider>() is { } time)
                services.AddSingleton(time);
        });
    }

    public OpenedIndex Primary { get; }

    public OpenedIndex Secondary { get; }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogWarning(ILogger logger, string problem);

    public async ValueTask DisposeAsync()
    {
        await Secondary.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
