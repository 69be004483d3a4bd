using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about initialization.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class InitializingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task Initialize_makes_an_empty_index() => RunAsync();

    [Fact]
    public virtual Task Initialize_can_be_called_again() => RunAsync();

    [Fact]
    public virtual Task An_index_outlives_its_process() => RunAsync();

    [Fact]
    public virtual Task Many_processes_initialize_at_once() => RunAsync();

    [Fact]
    public virtual Task Rows_of_a_predecessor_are_adopted() => RunAsync();

    [Fact]
    public virtual Task A_predecessor_s_long_text_is_found_as_it_is_shown() => RunAsync();

    [Fact]
    public virtual Task What_is_not_the_index_s_is_left_alone() => RunAsync();

    [Fact]
    public virtual Task An_unknown_schema_is_refused() => RunAsync();

    [Fact]
    public virtual Task Reading_creates_nothing() => RunAsync();

    [Fact]
    public virtual Task A_predecessor_s_rows_are_read_and_not_adopted() => RunAsync();

    [Fact]
    public virtual Task A_store_that_is_away_at_the_start_is_used_when_it_is_back() => RunAsync();

    [Fact]
    public virtual Task An_initialization_that_was_cancelled_is_completed() => RunAsync();

    [Fact]
    public virtual Task An_adoption_that_was_cancelled_is_completed() => RunAsync();

    [Fact]
    public virtual Task A_refused_schema_is_left_as_it_was() => RunAsync();

    [Fact]
    public virtual Task What_was_adopted_is_not_adopted_again() => RunAsync();

    [Fact]
    public virtual Task A_store_that_is_away_is_read_when_it_is_back() => RunAsync();
}
