using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Mirroring;

/// <summary>A mirror keeps the contract, and its two indexes are equal after each case of the kit.</summary>
public sealed class MirrorConformanceTests
{
    [Fact]
    public async Task A_mirror_passes_the_kit_and_its_indexes_are_equal_after_every_case()
    {
        var harness = new MirrorHarness();
        // The results, their order and the pages are those of the primary. The large indexes are tested at night.
        var options = new ConformanceOptions
        {
            Histories = 4,
            Quick = !SlowTests.IsWanted,
            Only = [.. ConformanceSuite.Cases.Where(one => one.IsSlow || one.Clauses.Any(clause => clause[0] is not ('3' or '4' or '5'))).Select(one => one.Id)],
        };
        var report = await ConformanceSuite.RunAsync(harness, options, TestContext.Current.CancellationToken);
        report.Succeeded.Should().BeTrue(report.Summary);
        report.Results.Single(result => result.Case.Id == "reading-creates-nothing").Outcome.Should().Be(CaseOutcome.Pass);
        harness.Differences.Should().BeEmpty();
        harness.Compared.Should().BeGreaterThan(20);
    }

    private sealed class MirrorHarness : ConformanceHarness
    {
        public override string Name => "mirror";

        public List<string> Differences { get; } = [];

        public int Compared { get; set; }

        public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => Task.FromResult<ScratchIndex>(new Scratch(this));
    }

    private sealed class Scratch(MirrorHarness harness) : ScratchIndex
    {
        private readonly TemporaryDirectory _directory = new();
        private readonly Dictionary<IRegistryIndex, ServiceProvider> _opened = [];

        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(Open(("search_backend", "mirror"), ("mirror:primary", Url("a")), ("mirror:secondary", Url("b"))));

        public override IRegistryIndexSource? FindSource(IRegistryIndex index) => _opened[index].GetService<IRegistryIndexSource>();

        public override async ValueTask DisposeAsync()
        {
            foreach (var services in _opened.Values.ToList())
                await services.DisposeAsync(); // copies the pending writes
            var (primary, secondary) = (await ListAsync("a"), await ListAsync("b"));
            if (!primary.SequenceEqual(secondary))
                harness.Differences.Add($"{string.Join(", ", primary)} and {string.Join(", ", secondary)}");
            harness.Compared++;
            foreach (var services in _opened.Values)
                await services.DisposeAsync();
            _directory.Dispose();
        }

        private async Task<List<Repository>> ListAsync(string side)
        {
            if (!File.Exists(Path.Combine(_directory.Path, side + ".db")))
                return [];
            var index = Open(("search_backend", "sqlalchemy"), ("sqlalchemy_index_database", Url(side)));
            await index.InitializeAsync();
            return await index.ListAsync().ToListAsync();
        }

        private string Url(string side) => $"sqlite:///{_directory.Path}/{side}.db";

        private IRegistryIndex Open(params (string Key, string Value)[] settings)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
            var services = new ServiceCollection().AddLogging().AddRegistryIndex(configuration).BuildServiceProvider();
            var index = services.GetRequiredService<IRegistryIndex>();
            _opened.Add(index, services);
            return index;
        }
    }
}
