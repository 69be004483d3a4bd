namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// The real writer and sweeper, in every possible order of their requests. In each state, including those after crashes of any
/// processes, the row has all its postings and no others count, some order of the operations explains their results, and a
/// sweep removes what is left over and nothing else.
/// </summary>
public sealed class WriteProtocolTests(ITestOutputHelper output) : ProtocolTests(output)
{
    public static TheoryData<string> UpToThree => RandomTexts(Scenarios.OfOne, Scenarios.OfTwo, Scenarios.OfThree);

    public static TheoryData<string> UpToThreeInShort => RandomTexts(Scenarios.OfOne, Scenarios.OfTwo, Scenarios.OfThreeInShort);

    public static TheoryData<string> UpToTwo => RandomTexts(Scenarios.OfOne, Scenarios.OfTwo);

    public static TheoryData<string> UpToTwoInShort => RandomTexts(Scenarios.OfOne, Scenarios.OfTwoInShort);

    public static TheoryData<string> One => RandomTexts(Scenarios.OfOne);

    public static TheoryData<string> Repair => RandomTexts(Scenarios.OfRepair);

    public static TheoryData<string> Searches => RandomTexts(Scenarios.OfSearches);

    public static TheoryData<string> ManySearches => RandomTexts(Scenarios.OfSearches, [Scenarios.OfManySearches]);

    public static TheoryData<string> LostSearchTable => RandomTexts(Scenarios.OfLostSearchTable);

    public static TheoryData<string> LostRows => RandomTexts(Scenarios.OfLostRepositoryTable, Scenarios.OfLostRow);

    public static TheoryData<string> Predecessors => RandomTexts(Scenarios.OfPredecessors);

    public static MatrixTheoryData<int, int> HoursAhead => new([-30, 30], [-30, 30]);

    [Theory]
    [MemberData(nameof(UpToThree))]
    public Task Concurrent_writers_lose_nothing(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(UpToThreeInShort))]
    public Task A_sweep_at_any_time_removes_no_valid_posting(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Sweepers = 1 });

    [Theory]
    [MemberData(nameof(UpToTwo))]
    public Task A_lost_late_or_repeated_request_does_no_harm(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Failures = 1 });

    [Theory]
    [MemberData(nameof(One))]
    public Task Two_failed_requests_do_no_harm_even_with_a_sweep(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Failures = 2, Sweepers = 1 });

    [Theory]
    [MemberData(nameof(UpToTwo))]
    public Task Hours_may_pass_at_any_time(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut });

    [Theory]
    [MemberData(nameof(UpToTwoInShort))]
    public Task Hours_may_pass_during_a_sweep(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1 });

    [Theory]
    [MemberData(nameof(One))]
    public Task Hours_may_pass_during_a_sweep_with_a_failed_request(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1, Failures = 1 });

    [Theory]
    [MemberData(nameof(Repair))]
    public Task A_row_with_the_postings_of_another_text_is_found_by_its_own_text_after_a_sweep(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Sweepers = 1 });

    [Theory]
    [MemberData(nameof(ManySearches))]
    public Task A_search_sees_the_writes_of_its_own_process_although_rows_are_cached(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(Searches))]
    public Task A_search_sees_the_writes_of_its_own_process_although_a_request_fails(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Failures = 1 });

    [Theory]
    [MemberData(nameof(LostSearchTable))]
    public Task A_recreated_search_table_has_all_postings_after_the_adoption(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(LostRows))]
    public Task Lost_rows_and_their_sweep_do_no_harm_to_written_or_restored_rows(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Fact]
    public Task A_search_after_an_exchange_of_the_tables_sees_nothing_of_the_old_ones() =>
        ExpectNoFaultAsync(Scenarios.OfMemoryOfALostTable);

    [Theory]
    [MemberData(nameof(Predecessors))]
    public Task A_predecessors_writes_are_not_lost_and_are_found_after_a_sweep(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario));

    [Theory]
    [MemberData(nameof(HoursAhead))]
    public async Task Clocks_may_be_hours_wrong_while_hours_pass_during_a_sweep(int writersAhead, int sweepersAhead)
    {
        foreach (var scenario in Scenarios.OfOne)
            await ExpectNoFaultAsync(scenario with { Pause = Pause.ButNotBeforeAPut, Sweepers = 1, WritersAhead = TimeSpan.FromHours(writersAhead), SweepersAhead = TimeSpan.FromHours(sweepersAhead) });
    }

    /// <summary>
    /// The case that no time limit prevents: a writer checks the clock, is suspended for longer than a sweep waits, and then puts
    /// its row. It repairs that, unless it crashes at that moment.
    /// </summary>
    [Theory]
    [MemberData(nameof(One))]
    [InlineData("row yz: upsert ab | upsert ab")]
    [InlineData("no row: upsert ab | delete")]
    [InlineData("predecessor's row yz: adopt | delete")]
    public Task A_writer_that_pauses_for_hours_before_its_put_repairs_its_postings(string scenario) =>
        ExpectNoFaultAsync(Scenarios.Named(scenario) with { Pause = Pause.AnyTime, Sweepers = 1, IsJudgedAtTheEnd = true });
}
