using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RegistryIndex.Conformance;
using RegistryIndex.Migration.Mirroring;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests;

/// <summary>What moves repositories moves their facts, too, and reports facts that are not copied.</summary>
public sealed class FactsTests
{
    private static readonly RepositoryFacts Facts = new() { Tag = "1.0", Title = "Größe", PushedAt = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero) };
    private readonly ReferenceIndex _from = new();
    private readonly ReferenceIndex _to = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_comparison_shows_the_facts_that_differ()
    {
        await _from.UpsertAsync(new("app", "text", Facts), Stop);
        await _to.UpsertAsync(new("app", "text", Facts with { Tag = "2.0" }), Stop);

        var difference = (await new IndexComparison(_from, _to, TimeProvider.System).FindAsync(Stop).ToListAsync(Stop)).Should().ContainSingle().Subject;

        difference.ToJson().Should().StartWith("""{"difference":"facts","name":"app","from":"{\"tag\":\"1.0\",""").And.Contain("Größe");
    }

    [Fact]
    public async Task Facts_are_compared_only_if_both_indexes_store_them()
    {
        await _from.UpsertAsync(new("app", "text", Facts), Stop);
        var plain = new Plain(_to);
        await plain.UpsertAsync(new("app", "text", Facts), Stop);

        (await new IndexComparison(_from, plain, TimeProvider.System).FindAsync(Stop).ToListAsync(Stop)).Should().BeEmpty();
        LeftFacts.Find(_from, plain).Should().Be("The provider 'plain' does not store facts, so the facts of the provider 'reference' are not copied.");
        LeftFacts.Find(plain, _from).Should().BeNull();
        LeftFacts.Find(_from, _to).Should().BeNull();
    }

    [Fact]
    public async Task A_mirror_with_one_index_without_facts_logs_it_once_and_stores_none()
    {
        var log = new CollectedLog();
        await using var services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(log)).BuildServiceProvider();
        await using var mirror = new MirrorIndex(_from, new Plain(_to), new(), services.GetRequiredService<IMeterFactory>(), services.GetRequiredService<ILoggerFactory>(), TimeProvider.System);
        await mirror.InitializeAsync(Stop);
        await mirror.InitializeAsync(Stop);
        mirror.Capabilities.Should().Be(IndexCapabilities.None);
        log.Lines.Should().Equal("The mirror stores no facts, because one of its two indexes does not. The provider 'plain' does not store facts, so the facts of the provider 'reference' are not copied.");

        await mirror.UpsertAsync(new("app", "text", Facts), Stop);
        (await mirror.GetAsync("app", Stop)).Should().Be(new Repository("app", "text"));
        await FluentActions.Awaiting(() => mirror.SearchAsync(new("", order: SearchOrder.Pushed), Stop)).Should().ThrowAsync<ArgumentException>().WithMessage("*does not support the order by last push*");
    }

    /// <summary>A provider without facts.</summary>
    private sealed class Plain(IRegistryIndex inner) : DelegatingIndex(inner)
    {
        public override string Provider => "plain";

        public override IndexCapabilities Capabilities => IndexCapabilities.None;

        public override Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Inner.UpsertAsync(repository.KeptBy(Capabilities), cancellationToken);
    }
}
