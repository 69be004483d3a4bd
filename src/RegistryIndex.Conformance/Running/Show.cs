using System.Globalization;
using System.Text;

namespace RegistryIndex.Conformance.Running;

/// <summary>Formats values for failure messages: unambiguous, short and on one line.</summary>
internal static class Show
{
    private const int MostCharacters = 160;
    private const int MostItems = 12;

    /// <summary>Returns text in quotes. Invisible characters are escaped as in C#.</summary>
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
        { Description: null, Facts: null } => $"{Text(repository.Name)} without a description",
        { Facts: null } => $"{Text(repository.Name)} {Text(repository.Description)}",
        _ => $"{Repository(new(repository.Name, repository.Description))} with the facts {repository.Facts.ToJson()}",
    };

    public static string List<T>(IReadOnlyCollection<T> items, Func<T, string> show) => items.Count == 0
        ? "nothing"
        : string.Join(", ", items.Take(MostItems).Select(show)) + (items.Count > MostItems ? $", … ({items.Count})" : "");

    /// <summary>Shows the relevant items of a long list and their neighbours, or all items of a short list.</summary>
    public static string Around<T>(IReadOnlyList<T> items, Func<T, bool> matters, Func<T, string> show)
    {
        HashSet<int> shown = [.. Enumerable.Range(0, items.Count).Where(i => matters(items[i])).Take(MostItems).SelectMany(i => new[] { i - 1, i, i + 1 })];
        if (items.Count <= MostItems || shown.Count == 0)
            return List(items, show);
        var text = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            if (shown.Contains(i))
                text.Append(text.Length == 0 ? "" : ", ").Append(show(items[i]));
            else if (i == 0 || shown.Contains(i - 1))
                text.Append(i == 0 ? "…" : ", …");
        }

        return text.Append(CultureInfo.InvariantCulture, $" ({items.Count})").ToString();
    }

    public static string Names(IReadOnlyCollection<string> names) => List(names, name => Text(name));

    public static string Repositories(IReadOnlyCollection<Repository> repositories) => List(repositories, Repository);

    /// <summary>Shows a list or a scan with its arguments.</summary>
    public static string Listing(string what, string? after, int? most) =>
        (most is { } count ? string.Create(CultureInfo.InvariantCulture, $"{what} of {count}") : what) + (after is null ? "" : $" after {Text(after)}");

    public static string Error(Exception error) => $"{error.GetType().Name}: {error.Message}";

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
}
