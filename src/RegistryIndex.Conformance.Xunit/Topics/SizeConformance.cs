using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>
/// The cases about large indexes. They are slow and take minutes on a store behind a network; <see cref="ConformanceOptions.Quick"/> skips them.
/// </summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class SizeConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task A_large_index_is_listed_whole() => RunAsync();

    [Fact]
    public virtual Task A_large_result_is_found_whole_and_in_order() => RunAsync();

    [Fact]
    public virtual Task A_large_import_is_whole() => RunAsync();

    [Fact]
    public virtual Task An_import_lets_go_of_what_it_has_stored() => RunAsync();

    [Fact]
    public virtual Task Thousands_of_a_predecessor_s_rows_are_adopted() => RunAsync();
}
