using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about the order of search results.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class RankingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task A_name_or_end_of_one_that_equals_the_word_comes_first() => RunAsync();

    [Fact]
    public virtual Task Segment_starts_come_before_other_places() => RunAsync();

    [Fact]
    public virtual Task The_last_segment_counts_and_then_the_earliest() => RunAsync();

    [Fact]
    public virtual Task Elsewhere_in_the_name_the_earliest_place_counts() => RunAsync();

    [Fact]
    public virtual Task Descriptions_come_last() => RunAsync();

    [Fact]
    public virtual Task A_description_ranks_by_the_rest_of_the_word() => RunAsync();

    [Fact]
    public virtual Task A_long_word_ranks_by_its_first_64_code_points() => RunAsync();

    [Fact]
    public virtual Task Of_equals_library_comes_first_and_then_the_shorter_name() => RunAsync();

    [Fact]
    public virtual Task Text_is_ordered_by_code_point() => RunAsync();

    [Fact]
    public virtual Task The_last_word_ranks() => RunAsync();

    [Fact]
    public virtual Task Tiers_follow_each_other_over_pages() => RunAsync();

    [Fact]
    public virtual Task Odd_names_of_a_predecessor_rank_by_the_same_rules() => RunAsync();
}
