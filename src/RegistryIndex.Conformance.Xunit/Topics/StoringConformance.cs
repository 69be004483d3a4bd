using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about stored content.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class StoringConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task Names_that_differ_by_case_are_two() => RunAsync();

    [Fact]
    public virtual Task Names_that_differ_in_a_separator_are_two() => RunAsync();

    [Fact]
    public virtual Task A_description_may_be_absent() => RunAsync();

    [Fact]
    public virtual Task Every_name_of_the_grammar_is_stored() => RunAsync();

    [Fact]
    public virtual Task A_name_that_breaks_the_grammar_is_refused() => RunAsync();

    [Fact]
    public virtual Task A_description_of_350_code_points_is_stored() => RunAsync();

    [Fact]
    public virtual Task A_description_over_the_limit_or_broken_is_refused() => RunAsync();

    [Fact]
    public virtual Task Text_comes_back_as_it_was() => RunAsync();

    [Fact]
    public virtual Task Blank_is_no_description() => RunAsync();

    [Fact]
    public virtual Task Ingested_text_is_stored_whole() => RunAsync();

    [Fact]
    public virtual Task Odd_rows_of_a_predecessor_are_kept() => RunAsync();
}
