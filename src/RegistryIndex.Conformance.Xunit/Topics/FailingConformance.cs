using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about errors, cancellation and threads.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class FailingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task A_missing_argument_is_an_argument_error() => RunAsync();

    [Fact]
    public virtual Task A_failing_store_is_one_kind_of_error() => RunAsync();

    [Fact]
    public virtual Task An_error_names_the_operation_that_failed() => RunAsync();

    [Fact]
    public virtual Task A_failure_comes_by_the_task() => RunAsync();

    [Fact]
    public virtual Task A_store_that_is_back_is_used_again() => RunAsync();

    [Fact]
    public virtual Task A_list_whose_store_fails_is_no_short_list() => RunAsync();

    [Fact]
    public virtual Task An_import_whose_store_fails_is_an_error() => RunAsync();

    [Fact]
    public virtual Task A_cancelled_call_is_cancelled() => RunAsync();

    [Fact]
    public virtual Task A_list_can_be_cancelled_on_the_way() => RunAsync();

    [Fact]
    public virtual Task A_list_honours_the_token_of_its_enumerator() => RunAsync();

    [Fact]
    public virtual Task An_import_can_be_cancelled_on_the_way() => RunAsync();

    [Fact]
    public virtual Task Many_threads_share_an_index() => RunAsync();

    [Fact]
    public virtual Task Many_threads_share_what_one_gives() => RunAsync();

    [Fact]
    public virtual Task A_read_that_fails_on_the_way_is_no_short_answer() => RunAsync();

    [Fact]
    public virtual Task A_call_that_waits_for_its_store_can_be_cancelled() => RunAsync();

    [Fact]
    public virtual Task An_error_that_cannot_pass_says_so() => RunAsync();

    [Fact]
    public virtual Task A_secret_is_never_told() => RunAsync();
}
