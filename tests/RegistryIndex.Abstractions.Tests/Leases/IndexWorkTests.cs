using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Conformance;

namespace RegistryIndex.Tests.Leases;

public sealed class IndexWorkTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private readonly ReferenceIndex _index = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_many_processes_gets_the_work()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Contender().TryTakeAsync(cancellationToken: _cancellation)));
        leases.OfType<IndexLease>().Should().ContainSingle();
        (await Contender().GetStateAsync(_cancellation)).Should().Be(WorkState.Running);
    }

    [Fact]
    public async Task Completed_work_is_not_taken_again_unless_it_is_periodic()
    {
        await using (var lease = await Contender().TryTakeAsync(cancellationToken: _cancellation))
            await lease!.CompleteAsync(_cancellation);
        (await Contender().GetStateAsync(_cancellation)).Should().Be(WorkState.Done);
        (await Contender().TryTakeAsync(cancellationToken: _cancellation)).Should().BeNull();
        (await Contender().TryTakeAsync(again: true, _cancellation)).Should().NotBeNull();
    }

    [Fact]
    public async Task Released_work_continues_at_once_from_its_position()
    {
        await using (var lease = await Contender().TryTakeAsync(cancellationToken: _cancellation))
            await lease!.CheckpointAsync("team/app", _cancellation);
        var next = await Contender().TryTakeAsync(cancellationToken: _cancellation);
        next!.Progress.Should().Be("team/app");
    }

    [Theory]
    [InlineData('a', 5_000)]
    [InlineData('é', 800)]
    public async Task A_position_that_is_too_long_to_store_keeps_the_previous_one_and_the_work_continues(char character, int length)
    {
        await using (var lease = await Contender().TryTakeAsync(cancellationToken: _cancellation))
        {
            await lease!.CheckpointAsync("team/app", _cancellation);
            await lease.CheckpointAsync(new string(character, length), _cancellation);
            lease.Lost.IsCancellationRequested.Should().BeFalse();
        }

        (await Contender().TryTakeAsync(cancellationToken: _cancellation))!.Progress.Should().Be("team/app");
    }

    [Fact]
    public async Task A_renewal_that_fails_with_any_error_is_retried()
    {
        var failing = new FailingIndex(_index);
        var lease = await new IndexWork(failing, "first-load", Duration, _time).TryTakeAsync(cancellationToken: _cancellation);
        foreach (var error in (Exception[])[new RegistryIndexException("far", "mark", "throttled.", mayRetry: true), new NotSupportedException(), new TimeoutException()])
        {
            failing.Failure = error;
            var before = failing.Failures;
            while (failing.Failures == before)
            {
                _time.Advance(Duration / 3);
                await Task.Delay(5, _cancellation);
            }
        }

        failing.Failure = null;
        await lease!.CompleteAsync(_cancellation);
        lease.Lost.IsCancellationRequested.Should().BeFalse();
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task A_holder_on_this_machine_that_no_longer_runs_is_replaced_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells for certain.");
        await using var lease = await Contender().TryTakeAsync(cancellationToken: _cancellation);
        var alive = (await _index.ReadMarkAsync("first-load", _cancellation))!;
        (await Contender().TryTakeAsync(cancellationToken: _cancellation)).Should().BeNull("this process holds the lease");

        // The same process id, but a process that started at another time.
        var dead = System.Text.RegularExpressions.Regex.Replace(alive, "/[0-9]+\",", "/1\",");
        dead.Should().NotBe(alive);
        (await _index.TryReplaceMarkAsync("first-load", alive, dead, _cancellation)).Should().BeTrue();
        (await Contender().TryTakeAsync(cancellationToken: _cancellation)).Should().NotBeNull();
    }

    [Fact]
    public async Task A_holder_that_stops_renewing_is_replaced_when_its_lease_ends()
    {
        var crashed = new IndexWork(_index, "first-load", Duration, new FakeTimeProvider()); // its clock stands still, so it never renews the lease
        var old = await crashed.TryTakeAsync(cancellationToken: _cancellation);
        await old!.CheckpointAsync("b", _cancellation);
        var contender = Contender();
        (await contender.TryTakeAsync(cancellationToken: _cancellation)).Should().BeNull();
        _time.Advance(Duration - TimeSpan.FromSeconds(1));
        (await contender.TryTakeAsync(cancellationToken: _cancellation)).Should().BeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        var lease = await contender.TryTakeAsync(cancellationToken: _cancellation);
        lease!.Progress.Should().Be("b");

        await FluentActions.Awaiting(() => old.CheckpointAsync("c", _cancellation)).Should().ThrowAsync<OperationCanceledException>();
        old.Lost.IsCancellationRequested.Should().BeTrue();
        await old.DisposeAsync();
        await lease.CheckpointAsync("d", _cancellation);
    }

    [Fact]
    public async Task A_holder_that_renews_its_lease_keeps_the_work()
    {
        var holder = await Contender().TryTakeAsync(cancellationToken: _cancellation);
        var contender = Contender();
        for (var i = 0; i < 20; i++)
        {
            var before = await _index.ReadMarkAsync("first-load", _cancellation);
            _time.Advance(Duration / 3);
            while (await _index.ReadMarkAsync("first-load", _cancellation) == before)
                await Task.Yield(); // the renewal runs on another thread
            (await contender.TryTakeAsync(cancellationToken: _cancellation)).Should().BeNull();
        }

        holder!.Lost.IsCancellationRequested.Should().BeFalse();
        await holder.DisposeAsync();
    }

    [Fact]
    public async Task A_mark_with_another_content_is_an_error_and_is_kept()
    {
        await _index.TryReplaceMarkAsync("first-load", null, "somebody's note", _cancellation);
        await FluentActions.Awaiting(() => Contender().TryTakeAsync(cancellationToken: _cancellation))
            .Should().ThrowAsync<RegistryIndexException>().WithMessage("*somebody's note*");
        (await _index.ReadMarkAsync("first-load", _cancellation)).Should().Be("somebody's note");
    }

    private IndexWork Contender() => new(_index, "first-load", Duration, _time);

    /// <summary>An index whose marks cannot be replaced while a failure is set.</summary>
    private sealed class FailingIndex(ReferenceIndex inner) : IRegistryIndex
    {
        private int _failures;

        public Exception? Failure { get; set; }

        public int Failures => Volatile.Read(ref _failures);

        public string Provider => "failing";

        public Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

        public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => inner.GetAsync(name, cancellationToken);

        public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => inner.UpsertAsync(repository, cancellationToken);

        public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);

        public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => inner.ListAsync(after, cancellationToken);

        public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => inner.SearchAsync(request, cancellationToken);

        public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.ImportAsync(repositories, options, cancellationToken);

        public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

        public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

        public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default)
        {
            if (Failure is not { } failure)
                return inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);
            Interlocked.Increment(ref _failures);
            return Task.FromException<bool>(failure);
        }
    }
}
