using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>That the checker sees all there is to see, and finds each rule of the write protocol broken.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    private static readonly Scenario Update = new(Scenario.Row("yz"), Operation.Upsert("ab"));
    private static readonly Scenario Create = new(null, Operation.Upsert("ab"));
    private static readonly Scenario CreateAndDelete = new(null, Operation.Upsert("ab"), Operation.Delete);

    // W1 replaces yz by ab while W2, which has seen ab, wants yz again.
    private static readonly Scenario ThereAndBack = new(Scenario.Row("yz"), Operation.Upsert("ab"), Operation.Upsert("yz"));

    [Fact]
    public async Task A_create_alone_has_as_many_states_as_counted_by_hand()
    {
        // Before it reads; with none, some or all of three postings written; with the row.
        (await Explorer.ExploreAsync(Create)).States.Should().Be(1 + 8 + 1);
    }

    [Fact]
    public async Task Two_that_do_nothing_have_as_many_states_as_counted_by_hand()
    {
        // Neither, the one, the other, and both: which of them began when the other had ended is remembered.
        (await Explorer.ExploreAsync(new(null, Operation.Delete, Operation.Delete))).States.Should().Be(1 + 2 + 2);
    }

    [Fact]
    public async Task Code_that_waits_for_anything_but_a_step_is_refused()
    {
        var explore = () => Explorer.ExploreAsync(Update with { Between = store => new WaitsForTheClock(store) });
        await explore.Should().ThrowAsync<InvalidOperationException>().WithMessage("*schedule does not know*");
    }

    [Fact]
    public async Task Without_the_nonce_in_the_key_a_posting_is_lost()
    {
        (await Explorer.ExploreAsync(ThereAndBack)).Fault.Should().BeNull();
        (await Explorer.ExploreAsync(Update with { KeysHoldTheNonce = false })).Fault.Should().BeNull("one writer alone loses nothing");

        var fault = await FindAsync(ThereAndBack with { KeysHoldTheNonce = false });

        fault.What.Should().Contain("not found by 3:yz");
        fault.Steps.Should().HaveCount(7);
        // What W2 needs is there already when it writes it, and W1 then deletes it as its own old posting.
        StepOf(fault, "W2: write 3:yz").Should().BeLessThan(StepOf(fault, "W1: delete 3:yz"));
        StepOf(fault, "W1: put row ab").Should().BeLessThan(StepOf(fault, "W2: put row yz"));
    }

    [Fact]
    public async Task A_row_that_comes_before_its_postings_is_found_where_a_crash_would_leave_it()
    {
        var broken = Create with { Between = store => new RowFirst(store) };
        (await FindAsync(broken)).Steps[^1].Should().Contain("W1: put row ab");
        (await Explorer.ExploreAsync(broken with { IsJudgedAtTheEnd = true })).Fault.Should().BeNull("without a crash all is well at the end");
    }

    [Fact]
    public async Task Old_postings_that_go_before_the_new_row_comes_are_found() =>
        (await FindAsync(Update with { Between = store => new OldPostingsFirst(store) })).Steps[^1].Should().Contain("W1: delete 3:yz");

    [Fact]
    public async Task A_put_without_a_condition_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Operation.Upsert("ab"), Operation.Delete) { Between = store => new PutsInAnyCase(store) })).Steps[^1].Should().Contain("W1: put row ab");

    [Fact]
    public async Task A_create_that_is_sent_again_is_found_after_a_delete()
    {
        var fault = await FindAsync(CreateAndDelete with { Failures = 1, Between = store => new PutsAgain(store) });
        fault.What.Should().Contain("not found");
        fault.Steps.Should().Contain(step => step.Contains("W2: remove row ab"));
    }

    [Fact]
    public async Task No_answer_taken_for_a_no_is_found() =>
        (await FindAsync(Create with { Failures = 1, Between = store => new TakesNoAnswerForNo(store) })).What.Should().Contain("not found");

    [Fact]
    public async Task A_removal_that_two_claim_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Operation.Delete, Operation.Delete) { Between = store => new ClaimsAnothersRemoval(store) })).What.Should().StartWith("No order");

    [Fact]
    public async Task A_sweep_without_grace_is_found() =>
        (await FindAsync(Create with { Sweepers = 1, SweepAsync = Scenario.SweepWith(-TimeSpan.FromSeconds(1)) })).Steps.Should().Contain(step => step.Contains("S1: delete"));

    [Fact]
    public async Task A_sweep_that_leaves_orphans_is_found() =>
        (await FindAsync(Create with { SweepAsync = Scenario.SweepWith(TimeSpan.FromDays(1)) })).What.Should().StartWith("A last sweep");

    [Fact]
    public async Task A_sweep_that_looks_at_the_clock_after_the_row_is_found()
    {
        var fault = await FindAsync(Create with { Sweepers = 1, Pause = Pause.ButNotBeforeAPut, SweepAsync = SweepLateAsync });
        StepOf(fault, "S1: read the row").Should().BeLessThan(StepOf(fault, "two hours pass"));

        static async Task SweepLateAsync(IIndexStore store, Posting posting)
        {
            var stubborn = new BelievesItsFirstRead(store);
            await stubborn.ReadAsync(posting.Name);
            await stubborn.ReadAsync(posting.Name); // a step later
            await new Sweeper(stubborn, TimeSpan.FromHours(1)).SweepAsync([posting]);
        }
    }

    [Fact]
    public async Task A_memory_that_does_not_forget_what_is_written_is_found()
    {
        var searched = new Scenario(Scenario.Row("yz"), Operation.Find, Operation.Delete, Operation.Find);
        (await FindAsync(searched with { ForgetsWrites = false })).What.Should().StartWith("No order");
    }

    [Fact]
    public async Task A_memory_that_outlives_a_table_is_found()
    {
        var keeps = Disturbances.LookAgain with { ActAsync = async store => { await store.BeginAsync(); return "done"; } };
        (await FindAsync(new(Scenario.Row("yz"), Operation.Find, Disturbances.LoseRepositoryTable, keeps, Disturbances.FindAfterwards))).What.Should().StartWith("No order");
    }

    [Fact]
    public async Task A_sweep_without_a_brake_is_found_where_lost_rows_are_put_back() =>
        (await FindAsync(new(Scenario.Row("yz"), Disturbances.LoseRow, Disturbances.PutBack, Disturbances.SweepWith(() => null)))).What.Should().Contain("not found by");

    [Fact]
    public async Task An_adoption_that_began_before_the_search_table_was_lost_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Disturbances.LoseSearchTable, Disturbances.AdoptAnew with { After = null }) { IsRepaired = true })).What.Should().Contain("not found by");

    [Fact]
    public async Task What_a_predecessor_has_changed_and_no_sweep_repairs_is_found() =>
        (await FindAsync(new(Scenario.Row("yz"), Disturbances.PredecessorChanges("cd")))).What.Should().StartWith("A last sweep");

    [Fact]
    public async Task A_writer_whose_nonces_are_of_its_own_clock_is_found_where_that_is_behind()
    {
        var behind = Create with { Sweepers = 1, WritersAhead = TimeSpan.FromHours(-3) };
        (await Explorer.ExploreAsync(behind)).Fault.Should().BeNull();
        (await FindAsync(behind with { Between = store => new GoesByItsOwnClock(store) })).Steps.Should().Contain(step => step.Contains("S1: delete"));
    }

    [Fact]
    public async Task A_sweeper_that_goes_by_its_own_clock_is_found_where_that_is_ahead()
    {
        var ahead = Create with { Sweepers = 1, SweepersAhead = TimeSpan.FromHours(3) };
        (await Explorer.ExploreAsync(ahead)).Fault.Should().BeNull();
        (await FindAsync(ahead with { SweepAsync = (store, posting) => new Sweeper(new GoesByItsOwnClock(store), TimeSpan.FromHours(1)).SweepAsync([posting]) }))
            .Steps.Should().Contain(step => step.Contains("S1: delete"));
    }

    [Fact]
    public async Task An_age_that_is_looked_at_before_the_put_is_queued_is_found()
    {
        var queued = Create with { Sweepers = 1, Pause = Pause.ButNotBeforeAPut };
        (await Explorer.ExploreAsync(queued)).Fault.Should().BeNull();
        var fault = await FindAsync(queued with { Between = store => new LooksAtTheAgeTooEarly(store) });
        StepOf(fault, "two hours pass").Should().BeLessThan(StepOf(fault, "when its turn comes"));
    }

    [Fact]
    public async Task A_writer_held_up_for_hours_right_before_its_put_is_found_if_it_crashes_then() =>
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
