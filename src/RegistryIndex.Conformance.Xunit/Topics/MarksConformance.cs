using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about marks, and the work that depends on them.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class MarksConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task A_mark_is_replaced_by_compare_and_swap() => RunAsync();

    [Fact]
    public virtual Task Marks_are_compared_to_the_letter() => RunAsync();

    [Fact]
    public virtual Task A_mark_holds_any_text_of_4096_characters() => RunAsync();

    [Fact]
    public virtual Task A_mark_that_breaks_a_rule_is_an_argument_error() => RunAsync();

    [Fact]
    public virtual Task Marks_are_beside_the_repositories() => RunAsync();

    [Fact]
    public virtual Task One_of_many_replaces_a_mark() => RunAsync();

    [Fact]
    public virtual Task One_of_many_processes_replaces_a_mark() => RunAsync();

    [Fact]
    public virtual Task Work_is_given_to_one() => RunAsync();

    [Fact]
    public virtual Task Work_is_given_to_one_of_many_processes() => RunAsync();

    [Fact]
    public virtual Task Work_that_crashed_is_taken_over_where_it_was() => RunAsync();

    [Fact]
    public virtual Task Searches_answer_while_work_is_done() => RunAsync();
}
