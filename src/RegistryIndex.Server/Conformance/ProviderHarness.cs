using RegistryIndex.Conformance;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Conformance;

/// <summary>Opens a provider for the kit as the server does, each time in a scratch place of its own.</summary>
internal sealed class ProviderHarness : ConformanceHarness, IAsyncDisposable
{
    private readonly IScratchProvider _provider;
    private readonly IConfiguration _configuration;
    private readonly ServiceProvider _configured;
    private readonly string _run = $"registry_index_scratch_{Guid.NewGuid():n}"[..31]; // unique, even when several kits run at once
    private string? _whyNotShared;
    private int _places;

    public ProviderHarness(IScratchProvider provider, IConfiguration configuration)
    {
        (_provider, _configuration) = (provider, configuration);
        _configured = Services(configuration);
        Name = _configured.GetRequiredService<IRegistryIndex>().Provider;
    }

    public override string Name { get; }

    /// <summary>Creates a scratch place and drops it again, so that an error that would fail every case is reported once, before them.</summary>
    /// <returns>The location of the scratch place, for people.</returns>
    /// <exception cref="RegistryIndexException">No scratch place can be created.</exception>
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await using var place = await NewPlaceAsync(cancellationToken);
        _whyNotShared = place.WhyNotShared;
        return place.Location;
    }

    public override string? WhyNot(Capability capability) => capability == Capability.SeveralProcesses
        ? _whyNotShared
        : "The command cannot manipulate the provider's store; the provider's own tests can.";

    public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => new Scratch(this, await NewPlaceAsync(cancellationToken));

    public ValueTask DisposeAsync() => _configured.DisposeAsync();

    private Task<ScratchPlace> NewPlaceAsync(CancellationToken cancellationToken) =>
        _provider.CreateScratchAsync(_configured, $"{_run}_{++_places}", cancellationToken);

    private ServiceProvider Services(IConfiguration configuration) => new ServiceCollection()
        .AddLogging() // without output: the kit makes calls fail on purpose
        .AddSingleton(TimeProvider.System)
        .AddSingleton(configuration)
        .AddRegistryIndex(_provider, configuration)
        .BuildServiceProvider();

    private sealed class Scratch(ProviderHarness harness, ScratchPlace place) : ScratchIndex
    {
        private readonly IConfiguration _there =
            new ConfigurationBuilder().Add(GivenSettings.Of(harness._configuration)).AddInMemoryCollection(place.Settings).Build();

        private readonly Dictionary<IRegistryIndex, ServiceProvider> _opened = [];

        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken)
        {
            var services = harness.Services(_there);
            var index = services.GetRequiredService<IRegistryIndex>();
            _opened.Add(index, services);
            return Task.FromResult(index);
        }

        public override IRegistryIndexSource? FindSource(IRegistryIndex index) => _opened[index].GetService<IRegistryIndexSource>();

        public override async ValueTask DisposeAsync()
        {
            try
            {
                foreach (var services in _opened.Values)
                    await services.DisposeAsync();
            }
            finally
            {
                await place.DisposeAsync();
            }
        }
    }
}
