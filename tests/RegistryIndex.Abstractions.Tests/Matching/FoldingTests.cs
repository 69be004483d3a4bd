using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace RegistryIndex.Tests.Matching;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("Ubuntu", "ubuntu")]
    [InlineData("  two\t\r\n words\u00a0\u3000", "two words")]
    [InlineData("\u0001\u007f\u0085", "")]
    [InlineData("ΣΊΣΥΦΟΣ ς", "σίσυφοσ σ")]
    [InlineData("ẞ ß", "ß ß")]
    [InlineData("İ I ı i", "İ i ı i")]
    [InlineData("K Å ſ", "k å s")]
    [InlineData("𐐀", "𐐨")]
    [InlineData("日本語 😀", "日本語 😀")]
    [InlineData("e\u0301 É", "e\u0301 é")]
    [InlineData("ﬁ", "ﬁ")]
    public void Text_folds_by_the_frozen_table(string text, string folded) => Folding.Fold(text).Should().Be(folded);

    [Fact]
    public void Folding_twice_is_folding_once() =>
        Gen.String.Sample(text => Folding.Fold(Folding.Fold(text)) == Folding.Fold(text));

    [Fact]
    public void An_unpaired_surrogate_folds_to_the_replacement_character() => Folding.Fold("a\ud800B").Should().Be("a\ufffdb");

    // Another program computed the digest from Unicode 15's CaseFolding.txt. Stored indexes were folded by this table, so it must
    // never change, in any mode of the host.
    [Fact]
    public void The_table_is_the_same_on_every_host_and_in_every_version()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (Rune.IsValid(codePoint))
                hash.AppendData(Encoding.UTF8.GetBytes($"{codePoint:X}>{Folding.Fold("x" + new Rune(codePoint) + "x")}\n"));
        }

        Convert.ToHexString(hash.GetHashAndReset()).Should().Be("F85BBF84E7284BF1F2C6D3D4A246A2EFB949DCA1279936F4B724AEC0D7A5E665");
    }

    [Theory]
    [InlineData("\U00010000", "\uE000", 1)]
    [InlineData("\uFFFF", "\U0010FFFF", -1)]
    [InlineData("a", "ab", -1)]
    [InlineData("ab", "ab", 0)]
    public void Text_is_ordered_by_code_point_and_not_by_utf16(string left, string right, int sign)
    {
        Math.Sign(CodePointOrder.Comparer.Compare(left, right)).Should().Be(sign);
        Math.Sign(CodePointOrder.Comparer.Compare(right, left)).Should().Be(-sign);
    }

    [Fact]
    public void The_order_is_that_of_utf8_bytes() => Gen.Select(Gen.String, Gen.String).Sample((left, right) =>
    {
        var (wellFormedLeft, wellFormedRight) = (Folding.Fold(left), Folding.Fold(right));
        var bytes = Encoding.UTF8.GetBytes(wellFormedLeft).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(wellFormedRight));
        return Math.Sign(CodePointOrder.Comparer.Compare(wellFormedLeft, wellFormedRight)) == Math.Sign(bytes);
    });
}
