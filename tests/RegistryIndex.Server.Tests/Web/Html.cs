using System.Net;
using System.Text.RegularExpressions;

namespace RegistryIndex.Server.Tests.Web;

/// <summary>Reads pages as far as the tests need.</summary>
internal static partial class Html
{
    /// <summary>The repositories that a page lists.</summary>
    public static IEnumerable<string> Names(string page) => NameLink().Matches(page).Select(link => Uri.UnescapeDataString(link.Groups[1].Value));

    /// <summary>The addresses that a page links to, sends forms to, or loads.</summary>
    public static IEnumerable<string> Addresses(string page) => Address().Matches(page).Select(address => WebUtility.HtmlDecode(address.Groups[1].Value));

    /// <summary>The commands that a page shows.</summary>
    public static IEnumerable<string> Commands(string page) => Command().Matches(page).Select(command => WebUtility.HtmlDecode(command.Groups[1].Value));

    /// <summary>The address of the next page; null on the last.</summary>
    public static string? Next(string page) => NextLink().Match(page) is { Success: true } next ? WebUtility.HtmlDecode(next.Groups[1].Value) : null;

    [GeneratedRegex("<h2 class=\"name\"><a href=\"[^\"]*/ui/r/([^\"]+)\"")]
    private static partial Regex NameLink();

    [GeneratedRegex("<(?:a|link|script|img|form) [^>]*(?:href|src|action)=\"([^\"]*)\"")]
    private static partial Regex Address();

    [GeneratedRegex("<pre><code>([^<]*)</code></pre>")]
    private static partial Regex Command();

    [GeneratedRegex("<a rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex NextLink();
}
