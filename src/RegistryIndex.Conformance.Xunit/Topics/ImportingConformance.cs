using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about import.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class ImportingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task An_import_counts_what_it_did() => RunAsync();

    [Fact]
    public virtual Task An_import_goes_on_after_a_refused_repository() => RunAsync();

    [Fact]
    public virtual Task A_refused_repository_takes_no_good_one_with_it() => RunAsync();

    [Fact]
    public virtual Task A_stream_is_read_once() => RunAsync();

    [Fact]
    public virtual Task Refused_and_progress_are_told_one_at_a_time() => RunAsync();

    [Fact]
    public virtual Task Progress_tells_what_is_stored() => RunAsync();

    [Fact]
    public virtual Task The_later_of_two_with_one_name_wins() => RunAsync();

    [Fact]
    public virtual Task An_import_never_deletes() => RunAsync();

    [Fact]
    public virtual Task A_long_import_is_whole() => RunAsync();

    [Fact]
    public virtual Task An_import_deals_with_its_stream_as_it_comes() => RunAsync();

    [Fact]
    public virtual Task An_import_reports_its_progress_truly() => RunAsync();

    [Fact]
    public virtual Task An_import_that_was_stopped_can_be_run_again() => RunAsync();

    [Fact]
    public virtual Task Imports_at_once_agree_at_rest() => RunAsync();

    [Fact]
    public virtual Task An_import_replaces_descriptions() => RunAsync();

    [Fact]
    public virtual Task An_import_keeps_descriptions_when_told_to() => RunAsync();
}
