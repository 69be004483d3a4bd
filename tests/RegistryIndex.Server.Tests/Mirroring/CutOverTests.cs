using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Migration;
using RegistryIndex.Server.Mirroring;
using RegistryIndex.Server.Tests.Moving;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Mirroring;

/// <summary>The whole move, from a legacy database to DynamoDB, under constant writes and searches.</summary>
public sealed class CutOverTests : MoveTest
{
    private const int Throughout = 600;
    private const int Changing = 120;
    private const int MostPending = 20;

    [Fact]
    public async Task A_move_under_fifty_changes_a_second_misses_nothing_and_ends_with_equal_indexes()
    {
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, Throughout).Select(i => new Repository($"stay/app-{i:d4}"))
            .Concat(Enumerable.Range(0, Changing).Select(i => new Repository($"change/app-{i:d3}", "before"))));
        var dynamo = Dynamo(NewPrefix());
        await using var before = await OpenAsync(legacy, dynamo);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var searched = before;
        var written = before;
        using var writing = new SemaphoreSlim(1); // held while the writer must wait
        var changes = 0;
        var missing = new ConcurrentQueue<string>();
        var searches = Task.Run(() => SearchAsync(() => Volatile.Read(ref searched).Index, missing, end.Token), Stop);
        var writes = Task.Run(() => WriteAsync(() => Volatile.Read(ref written), writing, () => Interlocked.Increment(ref changes), end.Token), Stop);

        await DoAsync("migrate", "--from", legacy, "--to", dynamo);
        await Eventually.BeAsync(() => Volatile.Read(ref changes) > 50);
        var verify = await DoAsync("verify", "--from", legacy, "--to", dynamo);
        verify.Stdout.Should().BeEmpty("a concurrent write is compared again before it counts as a difference");

        // The swap: searches move first, then the writer, after all its writes have arrived.
        await using var after = await OpenAsync(dynamo, legacy);
        Volatile.Write(ref searched, after);
        await writing.WaitAsync(Stop);
        await before.DisposeAsync();
        Volatile.Write(ref written, after);
        writing.Release();
        var atSwap = Volatile.Read(ref changes);
        await Eventually.BeAsync(() => Volatile.Read(ref changes) >= atSwap + 60);
        await DoAsync("verify", "--from", dynamo, "--to", legacy);

        await end.CancelAsync();
        await Task.WhenAll(searches, writes);
        await after.DisposeAsync();
        missing.Should().BeEmpty();
        (await DoAsync("verify", "--from", dynamo, "--to", legacy)).Stdout.Should().BeEmpty();
        var export = await DoAsync("export", "-f", "tsv", "--database", legacy);
        export.Stdout.Split('\n').Count(line => line.StartsWith("stay/", StringComparison.Ordinal)).Should().Be(Throughout);
    }

    // Reads all pages of a search, and single pages. Each must contain all repositories that existed throughout.
    private static async Task SearchAsync(Func<IRegistryIndex> index, ConcurrentQueue<string> missing, CancellationToken end)
    {
        var random = new Random(3);
        while (!end.IsCancellationRequested)
        {
            var number = random.Next(Throughout);
            var name = $"stay/app-{number:d4}";
            var page = await index().SearchAsync(new(name), Stop);
            if (page.Repositories.All(repository => repository.Name != name))
                missing.Enqueue($"{name} by {index().Provider}");
            if (random.Next(20) != 0)
                continue;
            var found = new HashSet<string>(StringComparer.Ordinal);
            string? continuation = null;
            do
            {
                page = await index().SearchAsync(new("app", 100, continuation), Stop);
                found.UnionWith(page.Repositories.Select(repository => repository.Name));
                continuation = page.Continuation;
            }
            while (continuation is not null);
            if (found.Count(one => one.StartsWith("stay/", StringComparison.Ordinal)) != Throughout)
                missing.Enqueue("on the pages of 'app'");
            await Task.Delay(10, Stop);
        }
    }

    // Fifty changes a second, or as many as the secondary follows: with more, both indexes would never be equal.
    private static async Task WriteAsync(Func<Opened> mirror, SemaphoreSlim writing, Action changed, CancellationToken end)
    {
        var random = new Random(4);
        var start = Stopwatch.GetTimestamp();
        for (var change = 0; !end.IsCancellationRequested; change++)
        {
            var due = TimeSpan.FromSeconds(change / 50.0) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
                await Task.Delay(due, Stop);
            await writing.WaitAsync(Stop);
            try
            {
                var opened = mirror();
                await Eventually.BeAsync(() => opened.Pending <= MostPending, () => $"{opened.Pending} changes never reach the secondary");
                var name = $"change/app-{random.Next(Changing * 2):d3}";
                if (random.Next(4) == 0)
                    await opened.Index.DeleteAsync(name, Stop);
                else
                    await opened.Index.UpsertAsync(new(name, $"change {change}"), Stop);
                changed();
            }
            finally
            {
                writing.Release();
            }
        }
    }

    private static async Task<Opened> OpenAsync(string primary, string secondary)
    {
        var settings = new Dictionary<string, string?>
        {
            ["search_backend"] = MirrorProvider.Name,
            ["mirror:primary"] = primary,
            ["mirror:secondary"] = secondary,
            ["mirror:compare"] = "0.1",
            ["extensions:dynamodb_index:access_key"] = "test",
            ["extensions:dynamodb_index:secret_access_key"] = "test",
            ["extensions:dynamodb_index:consistent_reads"] = "true",
        };
        var services = new ServiceCollection().AddLogging().AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
        var index = services.GetRequiredService<IRegistryIndex>();
        await index.InitializeAsync(Stop);
        return new(services, index);
    }

    private sealed record Opened(ServiceProvider Services, IRegistryIndex Index) : IAsyncDisposable
    {
        public int Pending => Services.GetRequiredService<IMirroredIndex>().State.Pending;

        public ValueTask DisposeAsync() => Services.DisposeAsync();
    }
}
