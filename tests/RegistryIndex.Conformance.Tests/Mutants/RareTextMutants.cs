using System.Text;
using RegistryIndex.Conformance.Tests.Memory;
using static RegistryIndex.Conformance.Tests.Mutants.BruteForce;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class RareTextMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("folds the letters of the Basic Multilingual Plane only", "every-code-point-of-the-fold-table-is-folded", index => Folding(index, text => Runes(text, rune => rune.IsBmp))),
        new("folds the letters of Europe only", "every-code-point-of-the-fold-table-is-folded", index => Folding(index, text => Runes(text, rune => rune.Value < 0x600 || rune.Value is 0x1e9e or 0x212a))),
        new("folds with the runtime's lower case and corrects the sigma", "every-code-point-of-the-fold-table-is-folded", index => Folding(index, text => RegistryIndex.Folding.Fold(text.ToLowerInvariant().Replace('ς', 'σ')).Replace('\u13a0', '\uab70'))),
        new("folds what Unicode 16 folds", "what-the-fold-table-does-not-have-stays-as-it-is", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('\ua7cb', '\u0264').Replace('\u1c89', '\u1c8a')))),
        new("decomposes compatibility forms", "what-the-fold-table-does-not-have-stays-as-it-is", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('\uff21', 'A').Replace("\ufb01", "fi", StringComparison.Ordinal)))),
        new("treats a byte order mark as white space", "white-space-and-control-characters-separate-words", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('\ufeff', ' ')))),
        new("treats the Mongolian vowel separator as white space, as in Unicode 4", "white-space-and-control-characters-separate-words", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('\u180e', ' ')))),
        new("knows only the white space of ASCII", "white-space-and-control-characters-separate-words", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('\u2005', 'x').Replace('\u0085', 'x')))),
        new("removes a byte order mark", "rare-text-comes-back-as-it-was", index => Storing(index, text => text.TrimStart('\ufeff'))),
        new("converts line breaks to one kind", "rare-text-comes-back-as-it-was", index => Storing(index, text => text.ReplaceLineEndings("\n"))),
        new("replaces noncharacters", "rare-text-comes-back-as-it-was", index => Storing(index, text => text.Replace('\uffff', '\ufffd'))),
        new("cuts text at a zero", "rare-text-comes-back-as-it-was", index => Storing(index, text => text.Split('\0')[0])),
        new("composes what it stores", "rare-text-comes-back-as-it-was", index => Storing(index, text => text.Replace("\u1100\u1161", "\uac00", StringComparison.Ordinal))),
        new("omits control characters", "rare-text-comes-back-as-it-was", index => Storing(index, text => text.Replace("\u001b", "", StringComparison.Ordinal))),
    ];

    private static AlteredIndex Storing(MemoryIndex index, Func<string, string> store) => new(index)
    {
        Upsert = (r, cancellation) => index.UpsertAsync(r.FindProblem() is null && r.Description is { } text ? new(r.Name, store(text)) : r, cancellation),
    };

    private static string Runes(string text, Predicate<Rune> folds)
    {
        var folded = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            folded.Append(folds(rune) && RegistryIndex.Folding.Fold(rune.ToString()) is { Length: > 0 } fold ? fold : rune.ToString());
        return folded.ToString();
    }
}
