using System.Text;
using CsCheck;
using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The rows of the search table, without a table.</summary>
public sealed class PostingTests
{
    private static readonly Gen<string> AnyText = Gen.OneOf(Gen.Char[" !\"a\tb\u0000\u001f/~é\uE000"].Select(c => c.ToString()), Gen.Const("😀"), Gen.Const("数"))
        .Array[0, 8].Select(string.Concat);

    [Fact]
    public void Sort_keys_have_the_order_of_rank_keys_for_any_name() =>
        Gen.Select(AnyText, AnyText, AnyText, AnyText).Sample((text, name, otherText, otherName) =>
        {
            var (rank, other) = (new RankKey(1, text, name), new RankKey(1, otherText, otherName));
            var byBytes = CompareBytes(PostingKey.Sort(rank, "5"), PostingKey.Sort(other, "5"));
            Math.Sign(byBytes).Should().Be(Math.Sign(rank.CompareTo(other)));
            CompareBytes(PostingKey.SortAfter(rank), PostingKey.Sort(rank, "f")).Should().BePositive();
            if (rank < other)
                CompareBytes(PostingKey.SortAfter(rank), PostingKey.Sort(other, "0")).Should().BeNegative();
        });

    [Fact]
    public void A_row_is_read_as_it_was_written() =>
        Gen.Select(AnyText, AnyText, Gen.Int[0, 64]).Sample((text, name, alsoBefore) =>
        {
            var posting = new Posting(1, "a" + text, name, Nonce.New(DateTimeOffset.UnixEpoch), alsoBefore);
            Posting.FromItem(posting.ToItem()).Should().Be(posting);
        });

    [Fact]
    public void The_escaped_prefix_is_a_prefix_of_the_escaped_text() =>
        Gen.Select(AnyText, AnyText).Sample((text, word) =>
            PostingKey.Escape(text).StartsWith(PostingKey.Escape(word), StringComparison.Ordinal).Should().Be(text.StartsWith(word, StringComparison.Ordinal)));

    [Fact]
    public void Each_word_of_a_repository_matches_exactly_one_posting_at_its_rank()
    {
        var texts = new RandomTexts(21);
        for (var round = 0; round < 3000; round++)
        {
            var repository = texts.Repository();
            var query = SearchQuery.Parse(texts.Query([repository]));
            if (query.Words.Count != 1)
                continue;
            var word = query.Words[0];
            var found = All(repository).Where(posting => Counts(posting, query, word)).Select(posting => posting.Rank).ToList();
            found.Where(rank => rank == query.Rank(repository)).Should().HaveCount(query.Rank(repository) is null ? 0 : 1, $"of '{word}' in {repository}");
            // Only the row can confirm words that are longer than a posting. The postings alone confirm all others.
            if (word.EnumerateRunes().Count() <= RankKey.MaxDescriptionText)
                found.Should().HaveCountLessThanOrEqualTo(1, $"of '{word}' in {repository}");
        }
    }

    [Fact]
    public void Only_postings_that_a_word_needs_are_written()
    {
        var name = new Repository("aaaa/aaaa", "aaaa aaaa aaab");
        PostingSet.OfName(name.Name, "n").Select(posting => (posting.Tier, posting.Text))
            .Should().Equal((0, ""), (1, "aaaa/aaaa"), (2, "aaa/aaaa"), (2, "aa/aaaa"), (2, "a/aaaa"), (2, "/aaaa"), (1, "aaaa"));
        PostingSet.OfDescription(name.Name, name.Description, "n").Select(posting => (posting.Text, posting.AlsoBefore))
            .Should().Equal(("aaab", 4 - 1), ("aab", 2), ("ab", 1));
    }

    [Fact]
    public void A_nonce_contains_its_time_and_sorts_by_it()
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);
        Nonce.TimeOf(Nonce.New(time)).Should().Be(time);
        Nonce.New(time).Should().NotBe(Nonce.New(time));
        string.CompareOrdinal(Nonce.New(time), Nonce.New(time.AddMilliseconds(1))).Should().BeNegative();
        Nonce.TimeOf("something else").Should().BeNull();
        Nonce.TimeOf(new string('f', 24)).Should().BeNull();
    }

    private static IEnumerable<Posting> All(Repository repository) =>
        PostingSet.OfName(repository.Name, "n").Concat(PostingSet.OfDescription(repository.Name, repository.Description, "n"));

    // Like a Query and the check of its answer.
    private static bool Counts(Posting posting, SearchQuery query, string word)
    {
        if (posting.Tier == 0 || (posting.Tier != 1 && SearchQuery.MatchesSegmentStartsOnly(word)))
            return false;
        var kept = posting.Tier == 3 ? string.Concat(word.EnumerateRunes().Take(RankKey.MaxDescriptionText)) : word;
        if (PostingKey.Partition(posting.Tier, posting.Text) != PostingKey.Partition(posting.Tier, kept) || !posting.Text.StartsWith(kept, StringComparison.Ordinal))
            return false;
        return posting.Tier == 3
            ? posting.AlsoBefore < word.EnumerateRunes().Count()
            : query.Rank(posting.Name, Folding.Fold(posting.Name), "") == posting.Rank;
    }

    private static int CompareBytes(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
