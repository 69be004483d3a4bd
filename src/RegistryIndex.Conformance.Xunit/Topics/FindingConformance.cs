using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about what a search finds.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class FindingConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task Case_is_folded_by_the_frozen_table() => RunAsync();

    [Fact]
    public virtual Task The_turkish_i_is_a_letter_of_its_own() => RunAsync();

    [Fact]
    public virtual Task Nothing_is_normalized() => RunAsync();

    [Fact]
    public virtual Task White_space_and_control_characters_separate_words() => RunAsync();

    [Fact]
    public virtual Task A_query_may_be_as_long_as_allowed() => RunAsync();

    [Fact]
    public virtual Task A_query_over_the_limits_is_an_argument_error() => RunAsync();

    [Fact]
    public virtual Task Every_piece_of_a_name_finds_it() => RunAsync();

    [Fact]
    public virtual Task Every_piece_of_a_description_finds_it() => RunAsync();

    [Fact]
    public virtual Task A_single_character_that_is_not_ascii_is_found_anywhere() => RunAsync();

    [Fact]
    public virtual Task Every_word_must_occur() => RunAsync();

    [Fact]
    public virtual Task A_word_does_not_run_from_name_to_description() => RunAsync();

    [Fact]
    public virtual Task Words_like_operators_are_words() => RunAsync();

    [Fact]
    public virtual Task One_ascii_character_matches_segment_starts() => RunAsync();

    [Fact]
    public virtual Task Special_characters_are_ordinary() => RunAsync();

    [Fact]
    public virtual Task A_query_without_words_finds_everything() => RunAsync();

    [Fact]
    public virtual Task What_the_predecessors_found_is_found() => RunAsync();

    [Fact]
    public virtual Task Every_code_point_of_the_fold_table_is_folded() => RunAsync();

    [Fact]
    public virtual Task What_the_fold_table_does_not_have_stays_as_it_is() => RunAsync();

    [Fact]
    public virtual Task Rare_text_comes_back_as_it_was() => RunAsync();
}
