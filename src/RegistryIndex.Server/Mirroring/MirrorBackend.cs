using System.Diagnostics.Metrics;
using RegistryIndex.Server.Mirroring;
using RegistryIndex.Server.Moving;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(MirrorBackend), MirrorBackend.Name)]

namespace RegistryIndex.Server.Mirroring;

/// <summary><c>search_backend: mirror</c>: two indexes, of which the primary counts and the secondary follows.</summary>
internal sealed class MirrorBackend : IRegistryIndexBackend
{
    public const string Name = "mirror";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var settings = MirrorSettings.Read(configuration);
        services.AddMetrics();
        services.AddSingleton(provider => new MirrorSides(settings, provider));
        services.AddSingleton(provider => new MirrorIndex(
            provider.GetRequiredService<MirrorSides>().Primary.Index,
            provider.GetRequiredService<MirrorSides>().Secondary.Index,
            settings.Compare,
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System)
        {
            SecondaryPlace = provider.GetRequiredService<MirrorSides>().Secondary.Place,
        });
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<MirrorIndex>());
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

        OpenSide Prepare(Side side) => OpenSide.Prepare(side, services =>
        {
            services.AddSingleton(provider.GetRequiredService<ILoggerFactory>()).AddLogging().AddSingleton(provider.GetRequiredService<IMeterFactory>());
            if (provider.GetService<TimeProvider>() is { } time)
                services.AddSingleton(time);
        });
    }

    public OpenSide Primary { get; }

    public OpenSide Secondary { get; }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogWarning(ILogger logger, string problem);

    public async ValueTask DisposeAsync()
    {
        await Secondary.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
