using System.Diagnostics.Metrics;
using RegistryIndex.Server.Indexes;
using RegistryIndex.Server.Mirroring;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(MirrorBackend), MirrorBackend.Name)]

namespace RegistryIndex.Server.Mirroring;

/// <summary><c>search_backend: mirror</c>: two indexes, of which the primary counts and the secondary follows.</summary>
internal sealed class MirrorBackend : IRegistryIndexBackend
{
    public const string Name = "mirror";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var settings = MirrorSettings.Read(configuration);
        services.AddSingleton(provider => new MirrorSides(settings, provider));
        services.AddMirroredRegistryIndex(
            provider => provider.GetRequiredService<MirrorSides>().Primary.Index,
            provider => provider.GetRequiredService<MirrorSides>().Secondary.Index,
            provider => new() { ComparedShare = settings.Compare, SecondaryLocation = provider.GetRequiredService<MirrorSides>().Secondary.Place });
        services.AddSingleton(provider => new MirrorSource(provider.GetRequiredService<MirrorSides>()));
        services.AddSingleton<IRegistryIndexSource>(provider => provider.GetRequiredService<MirrorSource>());
        services.AddSingleton<ISearchCapacity>(provider => provider.GetRequiredService<MirrorSource>());
    }
}

/// <summary>The two indexes of a mirror, each with services of its own; disposed of after the mirror, which is made after them.</summary>
internal sealed partial class MirrorSides : IAsyncDisposable
{
    public MirrorSides(MirrorSettings settings, IServiceProvider provider)
    {
        foreach (var warning in settings.Primary.Warnings.Concat(settings.Secondary.Warnings))
            LogWarning(provider.GetRequiredService<ILogger<MirrorSides>>(), warning);
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
