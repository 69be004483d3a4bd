namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// The writer and the sweeper as they are, in every order in which their requests can be carried out. In each state, also
/// as crashes of any processes would leave it there, the row has all its postings and no others count, what operations
/// returned is explained by some order of them, and a sweep takes what is left over and nothing else.
/// </summary>
public sealed class WriteProtocolTests(ITestOutputHelper output)
{
    public static TheoryData<string> UpToThree => Texts(Scenarios.OfOne, Scenarios.OfTwo, Scenarios.OfThree);

    public static TheoryData<string> UpToThreeInShort => Texts(Scenarios.OfOne, Scenarios.OfTwo, Scenarios.OfThreeInShort);

    public static TheoryData<string> UpToTwo => Texts(Scenarios.OfOne, Scenarios.OfTwo);

    public static TheoryData<string> UpToTwoInShort => Texts(Scenarios.OfOne, Scenarios.OfTwoInShort);

    public static TheoryData<string> One => Texts(Scenarios.OfOne);

    public static TheoryData<string> Repair => Texts(Scenarios.OfRepair);

    public static TheoryData<string> Searches => Texts(Scenarios.OfSearches);

    public static TheoryData<string> ManySearches => Texts(Scenarios.OfSearches, [Scenarios.OfManySearches]);

    public static TheoryData<string> LostSearchTable => Texts(Scenarios.OfLostSearchTable);

    public static TheoryData<string> LostRows => Texts(Scenarios.OfLostRepositoryTable, Scenarios.OfLostRow);

    public static TheoryData<string> Predecessors => Texts(Scenarios.OfPredecessors);

    public static MatrixTheoryData<int, int> HoursAhead => new([-30, 30], [-30, 30]);

    [Theory]
    [MemberData(nameof(UpToThree))]
    public Task Writers_at_the_same_time_lose_nothing(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(UpToThreeInShort))]
    public Task A_sweep_at_any_time_takes_nothing_that_counts(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Sweepers = 1 });

    [Theory]
    [MemberData(nameof(UpToTwo))]
    public Task A_request_that_is_lost_or_late_or_done_twice_does_no_harm(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Failures = 1 });

    [Theory]
    [MemberData(nameof(One))]
    public Task Two_requests_that_fail_do_no_harm_even_when_swept(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Failures = 2, Sweepers = 1 });

    [Theory]
    [MemberData(nameof(UpToTwo))]
    public Task Hours_may_pass_at_any_time(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut });

    [Theory]
    [MemberData(nameof(UpToTwoInShort))]
    public Task Hours_may_pass_while_somebody_sweeps(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1 });

    [Theory]
    [MemberData(nameof(One))]
    public Task Hours_may_pass_while_somebody_sweeps_and_a_request_fails(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1, Failures = 1 });

    [Theory]
    [MemberData(nameof(Repair))]
    public Task A_row_whose_postings_are_another_text_s_is_found_by_its_own_after_a_sweep(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Sweepers = 1 });

    [Theory]
    [MemberData(nameof(ManySearches))]
    public Task A_search_sees_what_its_process_has_written_though_rows_are_remembered(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(Searches))]
    public Task A_search_sees_what_its_process_has_written_though_a_request_fails(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Failures = 1 });

    [Theory]
    [MemberData(nameof(LostSearchTable))]
    public Task A_search_table_that_is_lost_and_made_anew_has_all_postings_when_it_has_been_adopted(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(LostRows))]
    public Task Rows_that_are_lost_and_their_sweep_do_no_harm_to_what_is_written_or_put_back(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Fact]
    public Task A_search_after_the_tables_are_known_to_be_other_ones_sees_nothing_of_those_that_were() =>
        ExpectNoFaultAsync(Scenarios.OfMemoryOfALostTable);

    [Theory]
    [MemberData(nameof(Predecessors))]
    public Task What_a_predecessor_writes_beside_the_index_is_not_lost_and_is_found_after_a_sweep(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(HoursAhead))]
    public async Task Clocks_may_be_hours_off_while_hours_pass_and_somebody_sweeps(int writersAhead, int sweepersAhead)
    {
        foreach (var scenario in Scenarios.OfOne)
            await ExpectNoFaultAsync(scenario with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1, WritersAhead = TimeSpan.FromHours(writersAhead), SweepersAhead = TimeSpan.FromHours(sweepersAhead) });
    }

    /// <summary>
    /// What no rule of time prevents: a writer looks at the clock, is held up for longer than a sweep waits, and puts its
    /// row then. It makes up for that, if it does not crash just there.
    /// </summary>
    [Theory]
    [MemberData(nameof(One))]
    [InlineData("row yz: upsert ab | upsert ab")]
    [InlineData("no row: upsert ab | delete")]
    [InlineData("predecessor's row yz: adopt | delete")]
    public Task A_writer_that_was_held_up_for_hours_right_before_its_put_makes_up_for_it(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.AnyTime, Sweepers = 1, IsJudgedAtTheEnd = true });

    private static TheoryData<string> Texts(params IEnumerable<IEnumerable<Scenario>> scenarios) =>
        [.. scenarios.SelectMany(some => some).Select(scenario => $"{scenario}")];

    private async Task ExpectNoFaultAsync(Scenario scenario)
    {
        var result = await Explorer.ExploreAsync(scenario);
        output.WriteLine($"{result.States} states");
        (result.Fault?.ToString()).Should().BeNull("no order of the steps may do harm");
    }
}
