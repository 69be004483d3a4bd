using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about pages and continuations.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class PagingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task A_page_holds_at_most_its_limit() => RunAsync();

    [Fact]
    public virtual Task A_limit_out_of_range_is_an_argument_error() => RunAsync();

    [Fact]
    public virtual Task Pages_join_without_a_seam() => RunAsync();

    [Fact]
    public virtual Task A_page_without_a_continuation_is_the_last() => RunAsync();

    [Fact]
    public virtual Task A_continuation_is_bound_to_the_words_of_its_query() => RunAsync();

    [Fact]
    public virtual Task A_damaged_or_foreign_continuation_is_refused() => RunAsync();

    [Fact]
    public virtual Task A_continuation_is_valid_on_every_provider() => RunAsync();

    [Fact]
    public virtual Task A_continuation_outlives_writes() => RunAsync();

    [Fact]
    public virtual Task A_continuation_works_in_another_process() => RunAsync();

    [Fact]
    public virtual Task Several_words_are_walked_to_the_end() => RunAsync();

    [Fact]
    public virtual Task Pages_miss_and_repeat_nothing_while_others_write() => RunAsync();

    [Fact]
    public virtual Task A_page_shows_repositories_as_they_are_stored() => RunAsync();

    [Fact]
    public virtual Task A_search_sees_a_write_at_once() => RunAsync();

    [Fact]
    public virtual Task Another_process_sees_a_write() => RunAsync();

    [Fact]
    public virtual Task A_session_changes_nothing_of_what_is_found() => RunAsync();
}
