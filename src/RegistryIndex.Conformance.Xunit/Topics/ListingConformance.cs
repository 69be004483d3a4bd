using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about list, scan and status.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class ListingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task A_list_is_in_name_order() => RunAsync();

    [Fact]
    public virtual Task A_list_begins_after_any_text() => RunAsync();

    [Fact]
    public virtual Task A_long_list_is_whole() => RunAsync();

    [Fact]
    public virtual Task A_list_can_be_stopped_and_begun_again() => RunAsync();

    [Fact]
    public virtual Task A_list_misses_and_repeats_nothing_while_others_write() => RunAsync();

    [Fact]
    public virtual Task A_list_of_so_many_is_the_beginning_of_the_list() => RunAsync();

    [Fact]
    public virtual Task A_scan_is_whole_and_goes_on_where_it_ended() => RunAsync();

    [Fact]
    public virtual Task The_status_counts_each_repository_once() => RunAsync();
}
