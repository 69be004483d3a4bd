using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Synchronization.Following;

namespace RegistryIndex.Synchronization.Tests;

public sealed class PendingRepositoriesTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly PendingRepositories _pending;

    public PendingRepositoriesTests() => _pending = new(_time);

    [Fact]
    public async Task A_burst_for_one_repository_is_one_entry_that_waits_for_quiet()
    {
        var taken = _pending.TakeAsync(CancellationToken.None);
        for (var i = 0; i < 50; i++)
        {
            _pending.TryAdd("app").Should().BeTrue();
            _time.Advance(Tick);
        }

        taken.IsCompleted.Should().BeFalse();
        _pending.Count.Should().Be(1);
        await PassAsync(PendingRepositories.Quiet);
        (await taken).Name.Should().Be("app");
        _pending.Complete(await taken);
        _pending.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_burst_over_many_repositories_is_one_look_up_of_each_in_whatever_order_it_comes()
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

        taken.Should().BeEmpty("the events of one repository may be as far apart as the burst is long");
        await PassAsync(PendingRepositories.Quiet);
        await _pending.WaitUntilEmptyAsync(CancellationToken.None);
        taken.Should().HaveCount(50).And.OnlyHaveUniqueItems();
        await stop.CancelAsync();
        await taking;
    }

    [Fact]
    public async Task What_failed_is_not_kept_waiting_by_others_that_come_all_the_time()
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

        await PassAsync(PendingRepositories.Longest);
        await _pending.WaitUntilEmptyAsync(CancellationToken.None);
        taken.Should().Contain("app").And.HaveCount(601);
        taken.IndexOf("app").Should().BeLessThan(600);
        await stop.CancelAsync();
        await taking;
    }

    [Fact]
    public async Task One_that_is_never_quiet_waits_no_longer_than_the_longest_time()
    {
        var taken = _pending.TakeAsync(CancellationToken.None);
        for (var passed = TimeSpan.Zero; passed <= PendingRepositories.Longest + PendingRepositories.Quiet; passed += Tick)
        {
            _pending.TryAdd("app");
            _time.Advance(Tick);
            await Task.Yield();
        }

        (await taken).Name.Should().Be("app");
    }

    [Fact]
    public async Task What_is_hinted_while_it_is_looked_up_brings_it_in_again()
    {
        _pending.TryAdd("app");
        var first = await TakeAsync();
        _pending.TryAdd("app");
        _pending.TryAdd("app");
        var second = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(PendingRepositories.Longest);
        second.IsCompleted.Should().BeFalse("nobody looks up one repository twice at once");
        _pending.Complete(first);
        await PassAsync(PendingRepositories.Quiet);
        (await second).Name.Should().Be("app");
        _pending.Complete(await second);
        _pending.Count.Should().Be(0);
    }

    [Fact]
    public async Task What_failed_comes_again_after_its_pause_or_when_there_is_reason_to_hurry()
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
    public async Task Before_the_end_nothing_waits_for_quiet()
    {
        _pending.TryAdd("app");
        _pending.HurryFromNowOn();
        _pending.TryAdd("one-more").Should().BeFalse("the caller has to tell the next process");
        var taken = await _pending.TakeAsync(CancellationToken.None);
        var empty = _pending.WaitUntilEmptyAsync(CancellationToken.None);
        empty.IsCompleted.Should().BeFalse();
        _pending.Complete(taken);
        await empty;
    }

    [Fact]
    public void Above_its_capacity_it_takes_no_new_one()
    {
        for (var i = 0; i < PendingRepositories.Capacity; i++)
            _pending.TryAdd($"app-{i}").Should().BeTrue();
        _pending.TryAdd("one-more").Should().BeFalse();
        _pending.TryAdd("app-0").Should().BeTrue("it is there already");
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
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
                taken.Add(next.Name);
                _pending.Complete(next);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private async Task<PendingRepository> TakeAsync()
    {
        var taken = _pending.TakeAsync(CancellationToken.None);
        await PassAsync(PendingRepositories.Quiet + Tick);
        return await taken;
    }

    // In steps, because a waiting worker sets its next timer in between.
    private async Task PassAsync(TimeSpan time)
    {
        foreach (var step in Enumerable.Repeat(time / 5, 5).Append(Tick))
        {
            _time.Advance(step);
            await Task.Delay(2);
        }
    }
}
