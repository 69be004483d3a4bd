using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about upsert, delete and get.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class WritingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task An_upsert_says_what_it_did() => RunAsync();

    [Fact]
    public virtual Task The_last_writer_wins() => RunAsync();

    [Fact]
    public virtual Task Nothing_is_restored_by_a_later_write() => RunAsync();

    [Fact]
    public virtual Task One_of_many_at_once_adds() => RunAsync();

    [Fact]
    public virtual Task One_of_many_processes_adds() => RunAsync();

    [Fact]
    public virtual Task Writers_of_one_name_agree_at_rest() => RunAsync();

    [Fact]
    public virtual Task Writers_in_several_processes_agree_at_rest() => RunAsync();

    [Fact]
    public virtual Task An_upsert_that_changes_nothing_says_so() => RunAsync();

    [Fact]
    public virtual Task An_upsert_that_changes_nothing_writes_nothing() => RunAsync();

    [Fact]
    public virtual Task A_delete_says_whether_there_was_something() => RunAsync();

    [Fact]
    public virtual Task A_delete_takes_that_name_only() => RunAsync();

    [Fact]
    public virtual Task One_of_many_deletes_at_once_removes() => RunAsync();

    [Fact]
    public virtual Task One_of_many_processes_removes() => RunAsync();

    [Fact]
    public virtual Task Get_reads_your_own_write() => RunAsync();

    [Fact]
    public virtual Task A_text_that_is_no_name_is_not_there() => RunAsync();

    [Fact]
    public virtual Task A_description_of_many_words_is_replaced_whole() => RunAsync();

    [Fact]
    public virtual Task A_description_of_350_code_points_is_replaced_whole() => RunAsync();

    [Fact]
    public virtual Task Two_texts_that_differ_by_little_are_two() => RunAsync();
}
