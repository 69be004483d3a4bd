using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

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
    public async Task Failed_work_is_restarted_after_pauses_that_grow_to_a_minute()
    {
        var time = new WaitedFor();
        using var work = new FailingWork(time, begun => begun < Failures.Length ? Failures[begun]() : null);
        await work.StartAsync(CancellationToken.None);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            await time.WaitAsync();
            work.Begun.Should().ContainSingle();
            work.Begun.Clear();
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
    public async Task The_shutdown_of_the_server_is_not_a_failure()
    {
        var time = new WaitedFor();
        using var work = new FailingWork(time, _ => new NotSupportedException());
        await work.StartAsync(CancellationToken.None);
        await time.WaitAsync();
        await FluentActions.Awaiting(() => work.StopAsync(CancellationToken.None)).Should().NotThrowAsync();
        (work.ExecuteTask!.IsFaulted, work.ExecuteTask.IsCompleted).Should().Be((false, true));
    }

    /// <summary>A clock that stands still and reports the beginning of each wait.</summary>
    private sealed class WaitedFor : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public async Task WaitAsync() => await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Writer.TryWrite(dueTime);
            return timer;
        }
    }

    private sealed class FailingWork(TimeProvider time, Func<int, Exception?> fail) : BackgroundWork(time, NullLogger.Instance)
    {
        private int _begun;

        public override string Name => "The work";

        /// <summary>The runs that the test has not checked yet.</summary>
        public ConcurrentQueue<int> Begun { get; } = new();

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
