using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about facts and the order of the last push.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class FactsConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task An_index_is_as_its_capabilities_say() => RunAsync();

    [Fact]
    public virtual Task Facts_come_back_as_they_were() => RunAsync();

    [Fact]
    public virtual Task The_longest_facts_are_kept() => RunAsync();

    [Fact]
    public virtual Task A_write_without_facts_leaves_them() => RunAsync();

    [Fact]
    public virtual Task A_write_with_facts_replaces_them() => RunAsync();

    [Fact]
    public virtual Task Facts_that_are_there_write_nothing() => RunAsync();

    [Fact]
    public virtual Task The_time_of_the_last_push_never_goes_back() => RunAsync();

    [Fact]
    public virtual Task An_import_takes_facts() => RunAsync();

    [Fact]
    public virtual Task Facts_are_not_searched() => RunAsync();

    [Fact]
    public virtual Task A_delete_takes_the_facts() => RunAsync();

    [Fact]
    public virtual Task The_last_push_comes_first() => RunAsync();

    [Fact]
    public virtual Task Pages_in_the_order_of_the_last_push_join() => RunAsync();

    [Fact]
    public virtual Task A_push_moves_its_repository_to_the_front() => RunAsync();
}
