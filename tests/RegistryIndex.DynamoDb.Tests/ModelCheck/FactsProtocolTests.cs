namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>The write protocol with facts, in every possible order of its requests.</summary>
public sealed class FactsProtocolTests(ITestOutputHelper output) : ProtocolTests(output)
{
    private readonly ITestOutputHelper _output = output;

    public static TheoryData<string> UpToThree => RandomTexts(FactsScenarios.OfOne, FactsScenarios.OfTwo, FactsScenarios.OfThree);

    public static TheoryData<string> UpToTwo => RandomTexts(FactsScenarios.OfOne, FactsScenarios.OfTwo);

    public static TheoryData<string> One => RandomTexts(FactsScenarios.OfOne);

    public static TheoryData<string> Searches => RandomTexts(FactsScenarios.OfSearches);

    public static TheoryData<string> EarlierBuilds => RandomTexts(FactsScenarios.OfEarlierBuilds);

    public static TheoryData<string> Disturbed => RandomTexts(FactsScenarios.OfDisturbances);

    [Theory]
    [MemberData(nameof(UpToThree))]
    public Task Concurrent_pushes_lose_nothing_and_no_push_time_goes_back(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(UpToTwo))]
    public Task A_sweep_at_any_time_removes_no_valid_push(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario) with { Sweepers = 1 });

    [Theory]
    [MemberData(nameof(UpToTwo))]
    public Task A_lost_late_or_repeated_request_does_no_harm(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario) with { Failures = 1 });

    [Theory]
    [MemberData(nameof(One))]
    public Task Hours_may_pass_during_a_sweep_with_a_failed_request(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1, Failures = 1 });

    [Theory]
    [MemberData(nameof(One))]
    public Task A_writer_that_pauses_for_hours_before_its_put_repairs_its_postings(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario) with { Pause = Pause.AnyTime, Sweepers = 1, IsJudgedAtTheEnd = true });

    [Theory]
    [MemberData(nameof(Searches))]
    public Task A_search_sees_the_pushes_of_its_own_process_although_rows_are_cached(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(EarlierBuilds))]
    public Task Concurrent_writes_of_an_earlier_build_do_no_harm_to_facts(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(Disturbed))]
    public Task Lost_and_restored_tables_leave_no_push_of_a_missing_row(string scenario) =>
        ExpectNoFaultAsync(FactsScenarios.Named(scenario));

    [Fact]
    public async Task A_condition_without_the_nonce_of_the_facts_is_found()
    {
        var pushes = new Scenario(Scenario.Row("yz", Operation.Facts("1", day: 1)), Operation.Upsert("yz", Operation.Facts("2", day: 2)), Operation.Upsert("yz", Operation.Facts("3", day: 3)));
        (await Explorer.ExploreAsync(pushes)).Fault.Should().BeNull();
        var fault = (await Explorer.ExploreAsync(pushes with { Between = store => new LeavesTheFactsOutOfTheCondition(store) })).Fault;
        _output.WriteLine($"{fault}");
        fault!.What.Should().StartWith("No order");
    }

    [Fact]
    public async Task A_sweep_that_ignores_the_postings_of_facts_is_found()
    {
        var fault = (await Explorer.ExploreAsync(new Scenario(Scenario.Row("yz", Operation.Facts("1", day: 1)))
        {
            Sweepers = 1,
            SweepAsync = (store, posting) => new Sweeping.Sweeper(new ReadsNoFacts(store), TimeSpan.FromHours(1)).SweepAsync([posting]),
        })).Fault;
        _output.WriteLine($"{fault}");
        fault!.What.Should().StartWith("A last sweep").And.Contain("4:");
    }
}
