using System.Globalization;
using System.Text;

namespace RegistryIndex.Conformance.Running;

/// <summary>Values as a failure message shows them: unambiguous, short, on one line.</summary>
internal static class Show
{
    private const int MostCharacters = 160;
    private const int MostItems = 12;

    /// <summary>Text in quotes; what cannot be seen is escaped as in C#.</summary>
    public static string Text(string? text)
    {
        if (text is null)
            return "null";
        var shown = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > MostCharacters)
                return shown.Append(CultureInfo.InvariantCulture, $"…\" ({text.Length} characters)").ToString();
            if (rune.Value is '"' or '\\')
                shown.Append('\\').Append(rune);
            else if (IsVisible(rune))
                shown.Append(rune);
            else
                shown.Append(rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
        }

        return shown.Append('"').ToString();
    }

    public static string Repository(Repository? repository) => repository switch
    {
        null => "nothing",
        { Description: null } => $"{Text(repository.Name)} without a description",
        _ => $"{Text(repository.Name)} {Text(repository.Description)}",
    };

    public static string List<T>(IReadOnlyCollection<T> items, Func<T, string> show) => items.Count == 0
        ? "nothing"
        : string.Join(", ", items.Take(MostItems).Select(show)) + (items.Count > MostItems ? $", … ({items.Count})" : "");

    public static string Names(IReadOnlyCollection<string> names) => List(names, name => Text(name));

    public static string Repositories(IReadOnlyCollection<Repository> repositories) => List(repositories, Repository);

    /// <summary>A list or a scan as it was asked for.</summary>
    public static string Listing(string what, string? after, int? most) =>
        (most is { } count ? string.Create(CultureInfo.InvariantCulture, $"{what} of {count}") : what) + (after is null ? "" : $" after {Text(after)}");

    public static string Error(Exception error) => $"{error.GetType().Name}: {error.Message}";

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
}
