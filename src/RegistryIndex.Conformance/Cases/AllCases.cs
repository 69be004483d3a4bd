namespace RegistryIndex.Conformance.Cases;

/// <summary>The cases of all topics, in the order of the contract.</summary>
internal static class AllCases
{
    public static IReadOnlyList<ConformanceCase> Everything { get; } =
    [
        .. About("Storing", StoringCases.All),
        .. About("Writing", [.. WritingCases.All, .. LongTextCases.All]),
        .. About("Listing", ListingCases.All),
        .. About("Importing", ImportingCases.All),
        .. About("Finding", [.. FindingCases.All, .. RareTextCases.All]),
        .. About("Ranking", RankingCases.All),
        .. About("Paging", [.. PagingCases.All, .. ContinuationCases.All]),
        .. About("Initializing", [.. InitializingCases.All, .. StartingCases.All]),
        .. About("Marks", MarkCases.All),
        .. About("Sharing", [.. SharingCases.All, .. RememberingCases.All]),
        .. About("Failing", [.. FailingCases.All, .. StoreCases.All]),
        .. About("Facts", [.. FactsCases.All, .. PushOrderCases.All]),
        .. About("Histories", HistoryCases.All),
        .. About("Size", SizeCases.All, isSlow: true),
    ];

    private static IEnumerable<ConformanceCase> About(string topic, IEnumerable<ConformanceCase> cases, bool isSlow = false) => cases.Select(one => one.About(topic, isSlow));
}
