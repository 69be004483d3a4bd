using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about list and status.</summary>
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
    public virtual Task The_status_counts_each_repository_once() => RunAsync();
}
