using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Queues;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Testing;

namespace RegistryIndex.Synchronization.Tests;

public sealed class PendingRepositoriesTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly PendingRepositories _pending;

    public PendingRepositoriesTests() => _pending = new(_time);

    [Fact]
    public async Task A_burst_of_events_of_one_repository_is_one_entry_that_waits_until_the_burst_ends()
    {
        var taken = _pending.TakeAsync(CancellationToken.None);
        for (var i = 0; i < 50; i++)
        {
            _pending.TryAdd("app").Should().BeTrue();
            _time.Advance(Tick);
        }

        taken.IsCompleted.Should().BeFalse();
        _pending.Count.Should().Be(1);
        (await PassUntilAsync(taken)).Key.Should().Be("app");
        _pending.Complete(await taken);
        _pending.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_burst_over_many_repositories_is_one_look_up_for_each_in_any_order()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"app-{i % 50}").ToArray();
        new Random(7).Shuffle(names);
        var taken = new List<string>();
        using var stop = new CancellationTokenSource();
        var taking = TakeAllAsync(taken, stop.Token);
        foreach (var name in names)
        {
            _pending.TryAdd(name);
            _time.Advance(PendingRepositories.Longest / (names.Length + 1));
        }

        taken.Should().BeEmpty("the events of one repository may be apart by the length of the burst");
        await PassUntilEmptyAsync();
        taken.Should().HaveCount(50).And.OnlyHaveUniqueItems();
        await stop.CancelAsync();
        await taking;
    }

    [Fact]
    public void The_time_of_a_push_that_is_refused_is_not_kept()
    {
        for (var i = 0; i < PendingRepositories.Capacity; i++)
            _pending.TryAdd($"app-{i}", push: null).Should().BeTrue();
        _pending.TryAdd("app-7", new RepositoryPush("latest", At: _time.GetUtcNow())).Should().BeTrue();
        _pending.FindPushes("app-7").Last.Should().Be(_time.GetUtcNow());
        _pending.TryAdd("one-more", new RepositoryPush("latest", At: _time.GetUtcNow())).Should().BeFalse();
        _pending.FindPushes("one-more").Last.Should().BeNull();
    }

    [Fact]
    public async Task A_failed_repository_is_retried_although_new_ones_arrive_constantly()
    {
        _pending.TryAdd("app");
        _pending.Fail(await TakeAsync(), TimeSpan.FromSeconds(5));
        var taken = new List<string>();
        using var stop = new CancellationTokenSource();
        var taking = TakeAllAsync(taken, stop.Token);
        for (var i = 0; i < 600; i++)
        {
            _pending.TryAdd($"other-{i}");
            _time.Advance(Tick);
            await Task.Yield();
        }

        await PassUntilEmptyAsync();
        taken.Should().Contain("app").And.HaveCount(601);
        taken.IndexOf("app").Should().BeLessThan(600);
        await stop.CancelAsync();
        await taking;
    }

    [Fact]
    public async Task A_repository_with_constant_events_waits_at_most_the_maximum_time()
    {
        var taken = _pending.TakeAsync(CancellationToken.None);
        await Eventually.BeAsync(() =>
        {
            _pending.TryAdd("app");
            return Pass(Tick, taken);
        });

        (await taken).Key.Should().Be("app");
    }

    [Fact]
    public async Task An_event_during_a_look_up_adds_the_repository_again()
    {
        _pending.TryAdd("app");
        var first = await TakeAsync();
        _pending.TryAdd("app");
        _pending.TryAdd("app");
        var second = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(PendingRepositories.Longest);
        second.IsCompleted.Should().BeFalse("one repository is not looked up twice at once");
        _pending.Complete(first);
        (await PassUntilAsync(second)).Key.Should().Be("app");
        _pending.Complete(await second);
        _pending.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_failed_repository_is_retried_after_its_pause_or_at_the_next_event()
    {
        _pending.TryAdd("app");
        _pending.Fail(await TakeAsync(), TimeSpan.FromMinutes(1));
        var again = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(59));
        again.IsCompleted.Should().BeFalse();
        _pending.Hurry();
        (await again).Failures.Should().Be(1);
    }

    [Fact]
    public async Task A_repository_looked_up_too_early_is_looked_up_after_a_pause_or_soon_after_its_next_event()
    {
        _pending.TryAdd("app");
        _pending.Repeat(await TakeAsync(), TimeSpan.FromMinutes(1));
        var second = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(59));
        second.IsCompleted.Should().BeFalse();
        (await PassUntilAsync(second)).Should().Be(new KeyedWork("app", Failures: 0, Repeats: 1));

        _pending.Repeat(await second, TimeSpan.FromMinutes(1));
        _pending.TryAdd("app");
        var third = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(PendingRepositories.Longest);
        (await third).Repeats.Should().Be(0, "the event is of another push");
        _pending.Complete(await third);
        _pending.Count.Should().Be(0);
    }

    [Fact]
    public async Task An_event_during_a_look_up_that_is_too_early_adds_the_repository_at_once()
    {
        _pending.TryAdd("app");
        var first = await TakeAsync();
        _pending.TryAdd("app");
        _pending.Repeat(first, TimeSpan.FromMinutes(1));
        (await TakeAsync()).Should().Be(new KeyedWork("app", 0, 0));
    }

    [Fact]
    public async Task A_failed_repository_keeps_its_pause_at_the_next_event()
    {
        _pending.TryAdd("app");
        _pending.Repeat(await TakeAsync(), TimeSpan.FromSeconds(1));
        _pending.Fail(await PassUntilAsync(_pending.TakeAsync(CancellationToken.None)), TimeSpan.FromMinutes(1));
        _pending.TryAdd("app");
        var again = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(59));
        again.IsCompleted.Should().BeFalse();
        (await PassUntilAsync(again)).Should().Be(new KeyedWork("app", Failures: 1, Repeats: 0));
    }

    [Fact]
    public async Task During_the_shutdown_failures_are_counted_anew()
    {
        _pending.TryAdd("app");
        _pending.Fail(await TakeAsync(), TimeSpan.FromMinutes(1));
        _pending.HurryFromNowOn();
        (await _pending.TakeAsync(CancellationToken.None)).Failures.Should().Be(0);
    }

    [Fact]
    public async Task A_push_that_is_refused_during_the_shutdown_leaves_those_that_were_accepted()
    {
        var push = new RepositoryPush("latest", At: _time.GetUtcNow());
        _pending.TryAdd("app", push);
        _pending.HurryFromNowOn();
        _pending.TryAdd("app", push with { At = _time.GetUtcNow().AddMinutes(1) }).Should().BeFalse();
        _pending.FindPushes("app").Last.Should().Be(push.At);
        var taken = await _pending.TakeAsync(CancellationToken.None);
        _pending.GiveUp(taken);
        _pending.FindPushes("app").Last.Should().Be(push.At, "the next look-up writes it");
    }

    [Fact]
    public async Task During_the_shutdown_no_entry_waits()
    {
        _pending.TryAdd("app");
        _pending.HurryFromNowOn();
        _pending.TryAdd("one-more").Should().BeFalse("the caller must send the event again");
        var taken = await _pending.TakeAsync(CancellationToken.None);
        var empty = _pending.WaitUntilEmptyAsync(CancellationToken.None);
        empty.IsCompleted.Should().BeFalse();
        _pending.Complete(taken);
        await empty;
    }

    [Fact]
    public void A_full_queue_accepts_no_new_repository()
    {
        for (var i = 0; i < PendingRepositories.Capacity; i++)
            _pending.TryAdd($"app-{i}").Should().BeTrue();
        _pending.TryAdd("one-more").Should().BeFalse();
        _pending.TryAdd("app-0").Should().BeTrue("the repository is already in the queue");
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var taken = _pending.TakeAsync(stop.Token);
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => taken).Should().ThrowAsync<OperationCanceledException>();
    }

    private async Task TakeAllAsync(List<string> taken, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var next = await _pending.TakeAsync(stop);
                taken.Add(next.Key);
                _pending.Complete(next);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private Task<KeyedWork> TakeAsync() => PassUntilAsync(_pending.TakeAsync(CancellationToken.None));

    private async Task PassUntilEmptyAsync()
    {
        var empty = _pending.WaitUntilEmptyAsync(CancellationToken.None);
        await Eventually.BeAsync(() => Pass(Tick, empty));
    }

    // A worker may set its next timer only after the time has passed that it waits for, so the time passes until it has its key.
    private async Task<KeyedWork> PassUntilAsync(Task<KeyedWork> taken)
    {
        await Eventually.BeAsync(() => Pass(Tick, taken));
        return await taken;
    }

    private bool Pass(TimeSpan time, Task awaited)
    {
        _time.Advance(time);
        return awaited.IsCompleted;
    }

    // In steps, because a waiting worker sets its next timer in between.
    private async Task PassAsync(TimeSpan time)
    {
        foreach (var step in Enumerable.Repeat(time / 5, 5))
        {
            _time.Advance(step);
            await Task.Delay(2);
        }
    }
}
