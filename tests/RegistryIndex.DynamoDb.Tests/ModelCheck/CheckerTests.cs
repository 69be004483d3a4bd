using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>The checker visits all states, and detects every broken rule of the write protocol.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    private static readonly Scenario Update = new(Scenario.Row("yz"), Operation.Upsert("ab"));
    private static readonly Scenario Create = new(null, Operation.Upsert("ab"));
    private static readonly Scenario CreateAndDelete = new(null, Operation.Upsert("ab"), Operation.Delete);

    // W1 replaces yz by ab. W2, which has seen ab, writes yz again.
    private static readonly Scenario ThereAndBack = new(Scenario.Row("yz"), Operation.Upsert("ab"), Operation.Upsert("yz"));

    [Fact]
    public async Task One_create_has_the_number_of_states_counted_by_hand()
    {
        // One state before it reads; eight with none, some or all of three postings; one with the row.
        (await Explorer.ExploreAsync(Create)).States.Should().Be(1 + 8 + 1);
    }

    [Fact]
    public async Task Two_idle_processes_have_the_number_of_states_counted_by_hand()
    {
        // None, either or both have ended. In the last case, the order in which one began after the other had ended is part of the state.
        (await Explorer.ExploreAsync(new(null, Operation.Delete, Operation.Delete))).States.Should().Be(1 + 2 + 2);
    }

    [Fact]
    public async Task Code_that_waits_for_anything_except_a_step_is_refused()
    {
        var explore = () => Explorer.ExploreAsync(Update with { Between = store => new WaitsForTheClock(store) });
        await explore.Should().ThrowAsync<InvalidOperationException>().WithMessage("*schedule does not know*");
    }

    [Fact]
    public async Task The_loss_of_a_posting_without_a_nonce_in_its_key_is_found()
    {
        (await Explorer.ExploreAsync(ThereAndBack)).Fault.Should().BeNull();
        (await Explorer.ExploreAsync(Update with { KeysHoldTheNonce = false })).Fault.Should().BeNull("one writer alone loses nothing");

        var fault = await FindAsync(ThereAndBack with { KeysHoldTheNonce = false });

        fault.What.Should().Contain("not found by 3:yz");
        fault.Steps.Should().HaveCount(7);
        // The posting that W2 needs exists already when W2 writes it, and W1 then deletes it as its own old posting.
        StepOf(fault, "W2: write 3:yz").Should().BeLessThan(StepOf(fault, "W1: delete 3:yz"));
        StepOf(fault, "W1: put row ab").Should().BeLessThan(StepOf(fault, "W2: put row yz"));
    }

    [Fact]
    public async Task A_row_written_before_its_postings_is_found_after_a_crash()
    {
        var broken = Create with { Between = store => new RowFirst(store) };
        (await FindAsync(broken)).Steps[^1].Should().Contain("W1: put row ab");
        (await Explorer.ExploreAsync(broken with { IsJudgedAtTheEnd = true })).Fault.Should().BeNull("without a crash nothing is lost");
    }

    [Fact]
    public async Task The_removal_of_old_postings_before_the_new_row_is_found() =>
        (await FindAsync(Update with { Between = store => new OldPostingsFirst(store) })).Steps[^1].Should().Contain("W1: delete 3:yz");

    [Fact]
    public async Task A_put_without_a_condition_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Operation.Upsert("ab"), Operation.Delete) { Between = store => new PutsInAnyCase(store) })).Steps[^1].Should().Contain("W1: put row ab");

    [Fact]
    public async Task A_create_repeated_after_a_delete_is_found()
    {
        var fault = await FindAsync(CreateAndDelete with { Failures = 1, Between = store => new PutsAgain(store) });
        fault.What.Should().Contain("not found");
        fault.Steps.Should().Contain(step => step.Contains("W2: remove row ab"));
    }

    [Fact]
    public async Task A_missing_answer_treated_as_a_refusal_is_found() =>
        (await FindAsync(Create with { Failures = 1, Between = store => new TakesNoAnswerForNo(store) })).What.Should().Contain("not found");

    [Fact]
    public async Task A_removal_reported_by_two_callers_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Operation.Delete, Operation.Delete) { Between = store => new ClaimsAnothersRemoval(store) })).What.Should().StartWith("No order");

    [Fact]
    public async Task A_sweep_without_a_grace_period_is_found() =>
        (await FindAsync(Create with { Sweepers = 1, SweepAsync = Scenario.SweepWith(-TimeSpan.FromSeconds(1)) })).Steps.Should().Contain(step => step.Contains("S1: delete"));

    [Fact]
    public async Task A_sweep_that_leaves_orphans_is_found() =>
        (await FindAsync(Create with { SweepAsync = Scenario.SweepWith(TimeSpan.FromDays(1)) })).What.Should().StartWith("A last sweep");

    [Fact]
    public async Task A_sweep_that_reads_the_clock_after_the_row_is_found()
    {
        var fault = await FindAsync(Create with { Sweepers = 1, Pause = Pause.ButNotBeforeAPut, SweepAsync = SweepLateAsync });
        StepOf(fault, "S1: read the row").Should().BeLessThan(StepOf(fault, "two hours pass"));

        static async Task SweepLateAsync(IIndexStore store, Posting posting)
        {
            var stubborn = new BelievesItsFirstRead(store);
            await stubborn.ReadAsync(posting.Name);
            await stubborn.ReadAsync(posting.Name); // one step later
            await new Sweeper(stubborn, TimeSpan.FromHours(1)).SweepAsync([posting]);
        }
    }

    [Fact]
    public async Task A_cache_that_keeps_overwritten_rows_is_found()
    {
        var searched = new Scenario(Scenario.Row("yz"), Operation.Find, Operation.Delete, Operation.Find);
        (await FindAsync(searched with { ForgetsWrites = false })).What.Should().StartWith("No order");
    }

    [Fact]
    public async Task A_cache_that_outlives_a_table_is_found()
    {
        var keeps = Disturbances.LookAgain with { ActAsync = async store => { await store.BeginAsync(); return "done"; } };
        (await FindAsync(new(Scenario.Row("yz"), Operation.Find, Disturbances.LoseRepositoryTable, keeps, Disturbances.FindAfterwards))).What.Should().StartWith("No order");
    }

    [Fact]
    public async Task A_sweep_without_a_limit_is_found_when_lost_rows_are_restored() =>
        (await FindAsync(new(Scenario.Row("yz"), Disturbances.LoseRow, Disturbances.PutBack, Disturbances.SweepWith(() => null)))).What.Should().Contain("not found by");

    [Fact]
    public async Task An_adoption_started_before_the_search_table_was_lost_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Disturbances.LoseSearchTable, Disturbances.AdoptAnew with { After = null }) { IsRepaired = true })).What.Should().Contain("not found by");

    [Fact]
    public async Task A_predecessors_change_that_no_sweep_repairs_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Disturbances.PredecessorChanges("cd")))).What.Should().StartWith("A last sweep");

    [Fact]
    public async Task A_writer_that_uses_its_own_slow_clock_for_nonces_is_found()
    {
        var behind = Create with { Sweepers = 1, WritersAhead = TimeSpan.FromHours(-3) };
        (await Explorer.ExploreAsync(behind)).Fault.Should().BeNull();
        (await FindAsync(behind with { Between = store => new GoesByItsOwnClock(store) })).Steps.Should().Contain(step => step.Contains("S1: delete"));
    }

    [Fact]
    public async Task A_sweeper_that_uses_its_own_fast_clock_is_found()
    {
        var ahead = Create with { Sweepers = 1, SweepersAhead = TimeSpan.FromHours(3) };
        (await Explorer.ExploreAsync(ahead)).Fault.Should().BeNull();
        (await FindAsync(ahead with { SweepAsync = (store, posting) => new Sweeper(new GoesByItsOwnClock(store), TimeSpan.FromHours(1)).SweepAsync([posting]) }))
            .Steps.Should().Contain(step => step.Contains("S1: delete"));
    }

    [Fact]
    public async Task An_age_check_before_the_put_is_queued_is_found()
    {
        var queued = Create with { Sweepers = 1, Pause = Pause.ButNotBeforeAPut };
        (await Explorer.ExploreAsync(queued)).Fault.Should().BeNull();
        var fault = await FindAsync(queued with { Between = store => new LooksAtTheAgeTooEarly(store) });
        StepOf(fault, "two hours pass").Should().BeLessThan(StepOf(fault, "when its turn comes"));
    }

    [Fact]
    public async Task A_writer_that_pauses_for_hours_before_its_put_and_then_crashes_is_found() =>
        (await FindAsync(Create with { Sweepers = 1, Pause = Pause.AnyTime })).Steps[^1].Should().Contain("W1: put row ab");

    private static int StepOf(Fault fault, string what)
    {
        var step = fault.Steps.ToList().FindIndex(step => step.Contains(what, StringComparison.Ordinal));
        step.Should().BeGreaterThanOrEqualTo(0);
        return step;
    }

    private async Task<Fault> FindAsync(Scenario scenario)
    {
        var result = await Explorer.ExploreAsync(scenario);
        output.WriteLine($"{scenario}, after {result.States} states:{Environment.NewLine}{result.Fault}");
        result.Fault.Should().NotBeNull();
        return result.Fault!;
    }
}
