using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;

namespace RegistryIndex.Migration.Tests.Moving;

/// <summary>The batches of a migration.</summary>
public sealed class BatchesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // SQLite runs on its caller's thread, so a continuation could run within a batch, and its memory would not be released.
    [Fact]
    public async Task Batches_are_not_nested_on_the_stack()
    {
        var source = new ReferenceIndex();
        foreach (var i in Enumerable.Range(0, 2_000))
            await source.UpsertAsync(new($"app/{i:d4}"), Stop);
        await using var services = new ServiceCollection().AddLogging()
            .AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", "sqlite://")]).Build())
            .BuildServiceProvider();
        var target = services.GetRequiredService<IRegistryIndex>();
        await target.InitializeAsync(Stop);
        var deepest = new Deepest();

        await (await Migrations.TakeAsync(Migrations.SourceOf(source), target, progress: deepest)).RunAsync(delete: false, Stop);

        (await target.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(2_000);
        deepest.Frames.Should().BeInRange(1, 200);
    }

    private sealed class Deepest : IProgress<ImportResult>
    {
        public int Frames { get; private set; }

        public void Report(ImportResult value) => Frames = Math.Max(Frames, new StackTrace().FrameCount);
    }
}
