using RegistryIndex.Conformance;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Conformance;

/// <summary>Lets the kit try a backend as the server would open it, each time in a scratch place of its own.</summary>
internal sealed class BackendHarness : ConformanceHarness, IAsyncDisposable
{
    private readonly IScratchBackend _backend;
    private readonly IConfiguration _configuration;
    private readonly ServiceProvider _configured;
    private readonly string _run = $"registry_index_scratch_{Guid.NewGuid():n}"[..31]; // nobody else's, even where several run at once
    private string? _whyNotShared;
    private int _places;

    public BackendHarness(IScratchBackend backend, IConfiguration configuration)
    {
        (_backend, _configuration) = (backend, configuration);
        _configured = Services(configuration);
        Name = _configured.GetRequiredService<IRegistryIndex>().Provider;
    }

    public override string Name { get; }

    /// <summary>Makes a scratch place and drops it again: what would keep every case from running is said once, and first.</summary>
    /// <returns>Where it was, for people.</returns>
    /// <exception cref="RegistryIndexException">There can be no scratch place.</exception>
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await using var place = await NewPlaceAsync(cancellationToken);
        _whyNotShared = place.WhyNotShared;
        return place.Location;
    }

    public override string? WhyNot(Capability capability) => capability == Capability.SeveralProcesses
        ? _whyNotShared
        : "The command sees the backend's store from outside only; the backend's own tests can do this.";

    public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => new Scratch(this, await NewPlaceAsync(cancellationToken));

    public ValueTask DisposeAsync() => _configured.DisposeAsync();

    private Task<ScratchPlace> NewPlaceAsync(CancellationToken cancellationToken) =>
        _backend.CreateScratchAsync(_configured, $"{_run}_{++_places}", cancellationToken);

    private ServiceProvider Services(IConfiguration configuration) => new ServiceCollection()
        .AddLogging() // to nowhere: the kit makes calls fail on purpose
        .AddSingleton(TimeProvider.System)
        .AddSingleton(configuration)
        .AddRegistryIndex(_backend, configuration)
        .BuildServiceProvider();

    private sealed class Scratch(BackendHarness harness, ScratchPlace place) : ScratchIndex
    {
        private readonly IConfiguration _there =
            new ConfigurationBuilder().Add(GivenSettings.Of(harness._configuration)).AddInMemoryCollection(place.Settings).Build();

        private readonly List<ServiceProvider> _opened = [];

        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken)
        {
            var services = harness.Services(_there);
            _opened.Add(services);
            return Task.FromResult(services.GetRequiredService<IRegistryIndex>());
        }

        public override async ValueTask DisposeAsync()
        {
            try
            {
                foreach (var services in _opened)
                    await services.DisposeAsync();
            }
            finally
            {
                await place.DisposeAsync();
            }
        }
    }
}
