using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;

namespace RegistryIndex.Conformance.Tests;

public sealed class RunnerTests
{
    private const string NeedsFailures = "a-failing-store-is-one-kind-of-error";
    private const string Simple = "the-last-writer-wins";
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_case_that_the_harness_does_not_support_is_skipped_with_the_reason()
    {
        var result = await ConformanceSuite.RunCaseAsync(NeedsFailures, new Harness { Reason = "the store of this test never fails" }, cancellationToken: _cancellation);
        (result.Outcome, result.Reason).Should().Be((CaseOutcome.Skip, "the store of this test never fails"));
    }

    [Fact]
    public async Task A_case_about_an_optional_feature_is_skipped_with_the_reason()
    {
        var result = await ConformanceSuite.RunCaseAsync("reading-creates-nothing", new MemoryHarness((_, _) => new ReferenceIndex()), cancellationToken: _cancellation);
        (result.Outcome, result.Reason).Should().Be((CaseOutcome.Skip, "The index has no IRegistryIndexSource (ScratchIndex.FindSource), so it is initialized before it is read."));
    }

    [Fact]
    public async Task A_capability_without_a_method_or_a_reason_is_an_error_of_the_harness()
    {
        var result = await ConformanceSuite.RunCaseAsync(NeedsFailures, new Harness(), cancellationToken: _cancellation);
        result.Outcome.Should().Be(CaseOutcome.Error);
        result.Reason.Should().Contain("does not override BreakAsync");
    }

    [Fact]
    public async Task A_harness_without_overrides_supports_only_several_processes()
    {
        var whyNot = Enum.GetValues<Capability>().Where(capability => new Silent().WhyNot(capability) is not null);
        whyNot.Should().BeEquivalentTo(Enum.GetValues<Capability>().Except([Capability.SeveralProcesses]));
        (await ConformanceSuite.RunCaseAsync(NeedsFailures, new Silent(), cancellationToken: _cancellation)).Reason.Should().Contain("'silent' does not say how");
    }

    [Fact]
    public async Task A_failure_to_create_open_or_drop_is_an_error_of_the_harness()
    {
        foreach (var (harness, problem) in ((Harness, string)[])
            [(new() { Create = () => throw new IOException("disk full") }, "could not create an index: IOException: disk full"),
             (new() { Open = () => throw new IOException("no such file") }, "could not open the index: IOException: no such file"),
             (new() { Drop = () => throw new IOException("file is in use") }, "could not drop the index: IOException: file is in use")])
        {
            var result = await ConformanceSuite.RunCaseAsync(Simple, harness, cancellationToken: _cancellation);
            result.Outcome.Should().Be(CaseOutcome.Error);
            result.Reason.Should().Contain(problem);
        }
    }

    [Fact]
    public async Task A_disabled_case_is_reported_with_its_reason_and_an_unknown_one_is_an_error()
    {
        var harness = new MemoryHarness();
        var disabled = new ConformanceOptions { Disabled = new Dictionary<string, string> { [Simple] = "see issue 12" } };
        var result = await ConformanceSuite.RunCaseAsync(Simple, harness, disabled, _cancellation);
        (result.Outcome, result.Reason).Should().Be((CaseOutcome.Disabled, "see issue 12"));
        var unknown = new ConformanceOptions { Disabled = new Dictionary<string, string> { ["no-such-case"] = "?" } };
        await FluentActions.Awaiting(() => ConformanceSuite.RunAsync(harness, unknown, _cancellation)).Should().ThrowAsync<ArgumentException>().WithMessage("*'no-such-case'*");
    }

    [Fact]
    public async Task A_run_reports_each_case_can_be_cancelled_and_drops_its_indexes()
    {
        var harness = new MemoryHarness();
        using var stop = new CancellationTokenSource();
        var told = new List<string>();
        var options = new ConformanceOptions
        {
            Progress = new Each(result =>
            {
                told.Add(result.Case.Id);
                if (told.Count == 5)
                    stop.Cancel();
            }),
        };
        await FluentActions.Awaiting(() => ConformanceSuite.RunAsync(harness, options, stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        told.Should().Equal(ConformanceSuite.Cases.Take(5).Select(one => one.Id));
        harness.Live.Should().Be(0);
    }

    [Fact]
    public async Task The_calls_of_a_cancelled_case_end_before_its_index_is_dropped()
    {
        using var stop = new CancellationTokenSource();
        var (hasEnded, hadEnded) = (false, false);
        var inner = new ReferenceIndex();
        var harness = new Harness
        {
            Open = () => new AlteredIndex(inner)
            {
                Initialize = async _ =>
                {
                    await stop.CancelAsync();
                    await Task.Delay(200, CancellationToken.None);
                    hasEnded = true;
                },
            },
            Drop = () => hadEnded = hasEnded,
        };
        await FluentActions.Awaiting(() => ConformanceSuite.RunAsync(harness, cancellationToken: stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        hadEnded.Should().BeTrue();
    }

    [Fact]
    public async Task Only_the_selected_cases_run()
    {
        var report = await ConformanceSuite.RunAsync(new MemoryHarness(), new() { Only = [Simple, NeedsFailures] }, _cancellation);
        report.Results.Select(result => result.Case.Id).Should().BeEquivalentTo(Simple, NeedsFailures);
        await FluentActions.Awaiting(() => ConformanceSuite.RunAsync(new MemoryHarness(), new() { Only = ["no-such-case"] }, _cancellation))
            .Should().ThrowAsync<ArgumentException>().WithMessage("*'no-such-case'*");
    }

    [Fact]
    public async Task Indexes_are_closed_before_they_are_dropped()
    {
        var closed = 0;
        var harness = new Harness
        {
            Open = () => new AlteredIndex(new ReferenceIndex()) { Close = () => closed++ },
            Drop = () => closed.Should().Be(1),
        };
        (await ConformanceSuite.RunCaseAsync(Simple, harness, cancellationToken: _cancellation)).Message.Should().BeEmpty();
        closed.Should().Be(1);
    }

    [Fact]
    public async Task A_case_waits_until_searches_see_its_writes()
    {
        var harness = new Harness { Open = () => new LateIndex(), IsLate = true };
        foreach (var id in (string[])["the-last-writer-wins", "a-delete-says-whether-there-was-something", "an-import-counts-what-it-did", "a-scan-is-whole-and-goes-on-where-it-ended", "the-status-counts-each-repository-once", "random-histories-go-as-in-the-reference"])
            (await ConformanceSuite.RunCaseAsync(id, harness, cancellationToken: _cancellation)).Message.Should().BeEmpty();
        harness.IsLate = false;
        (await ConformanceSuite.RunCaseAsync("the-last-writer-wins", harness, cancellationToken: _cancellation)).Outcome.Should().Be(CaseOutcome.Fail);
    }

    [Fact]
    public async Task A_case_does_not_wait_before_it_scans()
    {
        var harness = new Harness { Open = () => new LateIndex(scansLate: true), IsLate = true };
        (await ConformanceSuite.RunCaseAsync("a-scan-is-whole-and-goes-on-where-it-ended", harness, cancellationToken: _cancellation)).Outcome.Should().Be(CaseOutcome.Fail);
    }

    private sealed class Each(Action<CaseResult> action) : IProgress<CaseResult>
    {
        public void Report(CaseResult value) => action(value);
    }

    private sealed class Silent : ConformanceHarness
    {
        public override string Name => "silent";

        public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Harness : ConformanceHarness
    {
        public string? Reason { get; init; }

        public Action Create { get; init; } = () => { };

        public Func<IRegistryIndex> Open { get; init; } = () => new ReferenceIndex();

        public Action Drop { get; init; } = () => { };

        public bool IsLate { get; set; }

        public override string Name => "harness";

        public override string? WhyNot(Capability capability) => capability == Capability.SeveralProcesses ? "it is in memory" : Reason;

        public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken)
        {
            Create();
            return Task.FromResult<ScratchIndex>(new Scratch(this));
        }

        private sealed class Scratch(Harness harness) : ScratchIndex
        {
            private IRegistryIndex? _index;

            public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(_index = harness.Open());

            public override Task WaitUntilVisibleAsync(CancellationToken cancellationToken) =>
                harness.IsLate && _index is LateIndex late ? late.CatchUpAsync() : Task.CompletedTask;

            public override ValueTask DisposeAsync()
            {
                harness.Drop();
                return ValueTask.CompletedTask;
            }
        }
    }
}
