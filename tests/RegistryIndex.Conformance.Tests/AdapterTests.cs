using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;
using RegistryIndex.Conformance.Xunit;

namespace RegistryIndex.Conformance.Tests;

public sealed class AdapterTests
{
    [Fact]
    public async Task A_failed_case_is_a_failed_test_with_the_whole_report()
    {
        var failure = await FluentActions.Awaiting(() => new Wrong(new()).The_last_writer_wins()).Should().ThrowAsync<ConformanceException>();
        failure.Which.Message.Should().StartWith("The description of the last upsert is the one that is there, once. (contract 2.1)\nDone:\n")
            .And.Contain("Expected: ").And.Contain("Came:     ").And.Contain("Seed:     ").And.Contain("Means:    ");
        failure.Which.Result.Outcome.Should().Be(CaseOutcome.Fail);
    }

    [Fact]
    public async Task Unsupported_and_overridden_cases_are_skipped_tests_with_the_reason()
    {
        (await FluentActions.Awaiting(() => new Wrong(new()).Writers_in_several_processes_agree_at_rest()).Should().ThrowAsync<Exception>()).Which.Message.Should().Be("$XunitDynamicSkip$one process only");
        (await FluentActions.Awaiting(() => new Wrong(new()).A_delete_takes_that_name_only()).Should().ThrowAsync<Exception>()).Which.Message.Should().Be("$XunitDynamicSkip$not ours to do");
    }

    [Fact]
    public void A_case_without_a_test_an_unknown_ignored_case_and_a_missing_reason_are_reported()
    {
        var problems = FluentActions.Invoking(() => new Incomplete().Every_case_is_implemented_or_ignored_with_a_reason()).Should().Throw<InvalidOperationException>().Which.Message.Split('\n');
        problems.Should().HaveCount(ConformanceSuite.Cases.Count(one => one.Topic != "Writing") - 1 + 2);
        problems.Should().Contain("The case 'a-list-is-in-name-order' (Listing) has no test: derive a class from ListingConformance<OneProcess>, or ignore it with a reason.");
        problems.Should().Contain("The kit has no case 'no-such-case', which is ignored.").And.Contain("The case 'a-long-list-is-whole' is ignored without a reason.");
    }

    private sealed class OneProcess : ConformanceHarness
    {
        private readonly MemoryHarness _memory = new((index, _) => new AlteredIndex(index) { Upsert = (_, _) => Task.FromResult(UpsertOutcome.Added) });

        public override string Name => "one process";

        public override string? WhyNot(Capability capability) => "one process only";

        public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => _memory.CreateAsync(cancellationToken);
    }

    private sealed class Wrong(OneProcess harness) : WritingConformance<OneProcess>(harness)
    {
        public override Task A_delete_takes_that_name_only() => Skip("not ours to do");
    }

    private sealed class Incomplete : EveryCase<OneProcess>
    {
        protected override IReadOnlyDictionary<string, string> Ignored { get; } = new Dictionary<string, string>
        {
            ["a-long-list-is-whole"] = " ",
            ["no-such-case"] = "?",
        };
    }
}
