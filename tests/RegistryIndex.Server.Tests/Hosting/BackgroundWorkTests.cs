using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Hosting;
using RegistryIndex.Storage;

namespace RegistryIndex.Server.Tests.Hosting;

public sealed class BackgroundWorkTests
{
    private static readonly Func<Exception>[] Failures =
    [
        () => new RegistryIndexException("far", "list", "throttled at db.example.", mayRetry: true), () => new RegistrySourceException("The registry at http://a is down: see that it runs."),
        () => new NotSupportedException("no such scheme"), () => new PathTooLongException("a path"), () => new OperationCanceledException(), () => new TaskCanceledException(),
        () => new AggregateException(new InvalidOperationException("one"), new InvalidOperationException("two")), () => new ObjectDisposedException("a client"),
    ];

    [Fact]
    public async Task Whatever_fails_it_is_begun_again_after_pauses_that_grow_to_a_minute()
    {
        var time = new FakeTimeProvider();
        using var work = new FailingWork(time, begun => begun < Failures.Length ? Failures[begun]() : null);
        await work.StartAsync(CancellationToken.None);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            await work.FailedAsync();
            work.Problem.Should().NotBeNullOrEmpty().And.NotContain("db.example");
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
            work.Begun.Should().BeEmpty();
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await work.ExecuteTask!;
        work.Problem.Should().BeNull();
    }

    [Fact]
    public async Task The_end_of_the_server_is_no_failure()
    {
        using var work = new FailingWork(TimeProvider.System, _ => new NotSupportedException());
        await work.StartAsync(CancellationToken.None);
        await work.FailedAsync();
        await FluentActions.Awaiting(() => work.StopAsync(CancellationToken.None)).Should().NotThrowAsync();
        (work.ExecuteTask!.IsFaulted, work.ExecuteTask.IsCompleted).Should().Be((false, true));
    }

    private sealed class FailingWork(TimeProvider time, Func<int, Exception?> fail) : BackgroundWork(time, NullLogger.Instance)
    {
        private int _begun;

        public override string Name => "The work";

        /// <summary>The runs that nobody has looked at yet.</summary>
        public ConcurrentQueue<int> Begun { get; } = new();

        /// <summary>Waits until the next run has failed, and waits for the time itself.</summary>
        public async Task FailedAsync()
        {
            while (!Begun.TryDequeue(out _))
                await Task.Delay(1, TestContext.Current.CancellationToken);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        protected override Task RunAsync(CancellationToken stoppingToken)
        {
            var begun = _begun++;
            if (fail(begun) is not { } error)
                return Task.CompletedTask;
            Begun.Enqueue(begun);
            return Task.FromException(error);
        }
    }
}
