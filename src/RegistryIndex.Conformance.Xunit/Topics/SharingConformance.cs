using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about the effects of several processes, and of several calls of one process, on each other.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class SharingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task Imports_in_several_processes_agree_at_rest() => RunAsync();

    [Fact]
    public virtual Task A_list_misses_nothing_while_rows_are_updated() => RunAsync();

    [Fact]
    public virtual Task An_import_that_keeps_descriptions_takes_none_back() => RunAsync();

    [Fact]
    public virtual Task A_search_sees_what_another_process_removed() => RunAsync();

    [Fact]
    public virtual Task A_reader_in_another_process_sees_what_is_whole() => RunAsync();

    [Fact]
    public virtual Task The_status_counts_what_another_process_wrote() => RunAsync();

    [Fact]
    public virtual Task Searches_at_once_keep_apart() => RunAsync();

    [Fact]
    public virtual Task An_object_is_initialized_at_once() => RunAsync();

    [Fact]
    public virtual Task Lists_that_are_left_early_leave_nothing_behind() => RunAsync();

    [Fact]
    public virtual Task A_write_is_made_again_where_another_process_undid_it() => RunAsync();

    [Fact]
    public virtual Task What_was_not_there_is_there_when_another_process_adds_it() => RunAsync();
}
