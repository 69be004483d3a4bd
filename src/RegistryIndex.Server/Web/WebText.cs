using System.Globalization;
using System.Text;
using RegistryIndex.Server.Output;
using RegistryIndex.Server.References;

namespace RegistryIndex.Server.Web;

/// <summary>Values as people read them. Razor encodes the results.</summary>
internal static class WebText
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Text that a pusher wrote.</summary>
    public static string Of(string text) => HarmlessText.Of(text);

    /// <summary>The items of a list that a pusher wrote.</summary>
    public static string Of(IEnumerable<string> texts) => string.Join(", ", texts.Select(HarmlessText.Of));

    public static string Of(ArtifactKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A number of bytes in decimal units, such as 29.1 MB.</summary>
    public static string Size(long bytes)
    {
        if (bytes < 1_000)
            return $"{bytes} B";
        var (value, unit) = (bytes / 1_000d, 0);
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1_000;
        return string.Create(CultureInfo.InvariantCulture, $"{value:G3} {Units[unit]}");
    }

    /// <summary>How long ago a time was, such as 3 hours ago. A time in the future counts as now, as clocks differ.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now) => (now - time) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } age => Ago((int)age.TotalMinutes, "minute"),
        { TotalDays: < 1 } age => Ago((int)age.TotalHours, "hour"),
        { TotalDays: < 31 } age => Ago((int)age.TotalDays, "day"),
        { TotalDays: < 365 } age => Ago((int)(age.TotalDays / 30.44), "month"),
        var age => Ago((int)(age.TotalDays / 365), "year"),
    };

    /// <summary>The exact time, in UTC.</summary>
    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The time as an attribute of HTML.</summary>
    public static string Attribute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The address that a text is; null when it is none of <c>http</c> or <c>https</c>, or DNS cannot have its host.</summary>
    public static Uri? Link(string text) =>
        Uri.TryCreate(HarmlessText.Of(text), UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && DnsHost.Of(address) is not null ? address : null;

    /// <summary>The host of an address as DNS has it; null when it is written so. Letters of other scripts can look like those of another host.</summary>
    public static string? HostInDns(Uri address) => Ascii.IsValid(address.Host) ? null : DnsHost.Of(address);

    private static string Ago(int count, string unit) => $"{count} {unit}{(count == 1 ? "" : "s")} ago";
}
