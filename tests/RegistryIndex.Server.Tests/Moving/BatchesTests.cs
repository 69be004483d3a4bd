using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>How a migration goes from batch to batch.</summary>
public sealed class BatchesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // SQLite works on the thread of its caller, so what waits for a batch could be carried out within it, and nothing be let go.
    [Fact]
    public async Task However_many_batches_there_are_none_is_moved_within_another()
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
