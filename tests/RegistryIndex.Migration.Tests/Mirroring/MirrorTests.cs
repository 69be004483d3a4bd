using RegistryIndex.Conformance;
using RegistryIndex.Migration.Mirroring;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Mirroring;

/// <summary>Users of a mirror do not notice its secondary.</summary>
public sealed class MirrorTests : IAsyncLifetime
{
    private readonly Mirrors _mirrors = new();
    private readonly ReferenceIndex _primary = new();
    private readonly ReferenceIndex _secondary = new();
    private readonly JitteryIndex _flaky;

    public MirrorTests() => _flaky = new(_secondary, 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _mirrors.DisposeAsync();

    [Fact]
    public async Task The_primary_answers_and_the_secondary_follows()
    {
        await using var mirror = await _mirrors.OpenAsync(_primary, _flaky);
        (await mirror.UpsertAsync(new("a/b", "one"), Stop)).Should().Be(UpsertOutcome.Added);
        (await mirror.UpsertAsync(new("a/b", "two"), Stop)).Should().Be(UpsertOutcome.Updated);
        (await mirror.ImportAsync(new Repository[] { new("a/c"), new("a/d", "x"), new("bad name!") }.ToAsyncEnumerable(), cancellationToken: Stop)).Should().Be(new ImportResult { Added = 2, Refused = 1 });
        (await mirror.DeleteAsync("a/d", Stop)).Should().BeTrue();
        (await mirror.DeleteAsync("a/d", Stop)).Should().BeFalse();
        (await mirror.TryReplaceMarkAsync("mark", null, "x", Stop)).Should().BeTrue();
        (await mirror.SearchAsync(new("two"), Stop)).Repositories.Should().Equal(new Repository("a/b", "two"));
        await FluentActions.Awaiting(() => mirror.UpsertAsync(new("bad name!"), Stop)).Should().ThrowAsync<ArgumentException>();

        await Mirrors.CaughtUpAsync(mirror);
        await ShouldBeEqualAsync();
        (await _secondary.ReadMarkAsync("mark", Stop)).Should().BeNull("marks are not copied");
        mirror.State.Problem.Should().BeNull();
        _mirrors.Count("writes brought").Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task The_disposal_succeeds_even_if_the_secondary_fails_until_the_end()
    {
        var failures = 0;
        _flaky.Failure = _ => Interlocked.Increment(ref failures) % 2 == 0 ? new NotSupportedException("not done yet") : new RegistryIndexException("far", "upsert", "closed.", mayRetry: false);
        var mirror = await _mirrors.OpenAsync(_primary, _flaky);
        for (var i = 0; i < 50; i++)
            await mirror.UpsertAsync(new($"a/{i}"), Stop);
        await Eventually.BeAsync(() => mirror.State.Problem is not null && Volatile.Read(ref failures) >= 4);
        await FluentActions.Awaiting(async () => await mirror.DisposeAsync()).Should().NotThrowAsync();
        (await _primary.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(50);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_secondary_fails_the_primary_works_and_missed_writes_are_copied_later(bool passes)
    {
        var isDown = true;
        _flaky.Failure = _ => isDown ? new RegistryIndexException("far", "upsert", passes ? "throttled." : "access denied.", mayRetry: passes) : null;
        await using var mirror = await _mirrors.OpenAsync(_primary, _flaky);
        for (var i = 0; i < 50; i++)
            await mirror.UpsertAsync(new($"a/{i % 20}", $"{i}"), Stop);
        await mirror.DeleteAsync("a/3", Stop);
        await Eventually.BeAsync(() => mirror.State.Problem is not null && _mirrors.Count("writes failed") > 0);
        (await mirror.SearchAsync(new(""), Stop)).Repositories.Should().HaveCount(19);
        mirror.State.Pending.Should().Be(20, "each name waits once");
        (await _secondary.ListAsync(cancellationToken: Stop).AnyAsync(Stop)).Should().BeFalse();

        isDown = false;
        await Mirrors.CaughtUpAsync(mirror);
        await ShouldBeEqualAsync();
        mirror.State.Problem.Should().BeNull();
    }

    [Fact]
    public async Task Refused_writes_are_counted_and_the_rest_is_copied()
    {
        _flaky.Failure = name => name == "a/7" ? new ArgumentException("The name 'a/7' is not for me.") : null;
        await using var mirror = await _mirrors.OpenAsync(_primary, _flaky);
        for (var i = 0; i < 10; i++)
            await mirror.UpsertAsync(new($"a/{i}"), Stop);
        await Mirrors.CaughtUpAsync(mirror);
        mirror.State.Missed.Should().Be(1);
        _mirrors.Count("writes refused").Should().Be(1);
        (await _secondary.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(9);
    }

    [Fact]
    public async Task Writes_beyond_the_capacity_of_the_queue_are_counted_as_missed_without_delay()
    {
        _flaky.Failure = _ => new RegistryIndexException("far", "upsert", "gone.", mayRetry: true);
        await using var mirror = await _mirrors.OpenAsync(_primary, _flaky);
        var rows = Enumerable.Range(0, SecondaryQueue.Capacity + 500).Select(i => new Repository($"a/{i}"));
        (await mirror.ImportAsync(rows.ToAsyncEnumerable(), cancellationToken: Stop)).Added.Should().Be(SecondaryQueue.Capacity + 500);
        var state = mirror.State;
        (state.Pending + state.Missed).Should().Be(SecondaryQueue.Capacity + 500);
        state.Missed.Should().BeInRange(400, 500, "names in progress do not count as waiting");
        _mirrors.Count("writes missed").Should().Be(state.Missed);
    }

    [Fact]
    public async Task After_a_failed_write_the_current_content_of_the_primary_is_copied()
    {
        // The request was executed, and its reply is lost.
        var lossy = new JitteryIndex(_primary, 2);
        await using var mirror = await _mirrors.OpenAsync(lossy, _flaky);
        await _primary.UpsertAsync(new("a/b", "done"), Stop);
        lossy.Failure = _ => new RegistryIndexException("near", "upsert", "no answer.", mayRetry: true);
        await FluentActions.Awaiting(() => mirror.UpsertAsync(new("a/b", "done"), Stop)).Should().ThrowAsync<RegistryIndexException>();
        lossy.Failure = null;
        await Mirrors.CaughtUpAsync(mirror);
        await ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Pending_writes_are_copied_before_a_mirror_is_disposed()
    {
        await using (var mirror = await _mirrors.OpenAsync(_primary, _flaky))
            await mirror.ImportAsync(Enumerable.Range(0, 3_000).Select(i => new Repository($"a/{i}")).ToAsyncEnumerable(), cancellationToken: Stop);
        await ShouldBeEqualAsync();
    }

    [Fact]
    public async Task Searches_are_compared_in_the_background_and_do_not_fail()
    {
        await _primary.UpsertAsync(new("a/b", "here"), Stop);
        await _secondary.UpsertAsync(new("a/b", "here"), Stop);
        await using var mirror = await _mirrors.OpenAsync(_primary, _flaky, compare: 1);
        await SearchUntilAsync(mirror, "comparisons same");
        _flaky.Failure = _ => new RegistryIndexException("far", "search", "gone.", mayRetry: true);
        await SearchUntilAsync(mirror, "comparisons failed");
        _flaky.Failure = null;
        await _secondary.DeleteAsync("a/b", Stop);
        await SearchUntilAsync(mirror, "comparisons different");
    }

    private Task SearchUntilAsync(OpenMirror mirror, string counted) => Eventually.BeAsync(async () =>
    {
        (await mirror.SearchAsync(new("here"), Stop)).Repositories.Should().ContainSingle();
        return _mirrors.Count(counted) > 0;
    });

    private async Task ShouldBeEqualAsync() =>
        (await _secondary.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().Equal(await _primary.ListAsync(cancellationToken: Stop).ToListAsync(Stop));
}
