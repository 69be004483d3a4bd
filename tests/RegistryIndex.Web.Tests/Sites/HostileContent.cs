using System.Text.Json;

namespace RegistryIndex.Web.Tests.Sites;

/// <summary>Repositories with texts that are to run, to mislead or to break the layout, in every field that a pusher writes.</summary>
internal static class HostileContent
{
    private const string Markup = "\"><script>alert('ran')</script><img src=x onerror=alert('ran')><svg onload=alert('ran')></title><style>*{display:none}</style>&lt;b&gt;<!--{{7*7}}'";

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["markup"] = Markup,
        ["address"] = "javascript:alert('ran')//https://example.com/",
        ["data"] = "data:text/html,<script>alert('ran')</script>",
        ["authority"] = "//example.com/\\@example.net",
        ["password"] = "https://user:password@example.com/",
        ["scripts"] = "https://p\u0430yp\u0430l.example/\u05e9\u05dc\u05d5\u05dd/\u0645\u0631\u062d\u0628\u0627?(1)",
        ["attribute"] = "https://example.com/\" onmouseover=\"alert('ran')\" autofocus onfocus=\"alert('ran')",
        ["controls"] = "a\0b\u0001\u001b[31mc\u0007\b\r\n\td\u007f\u0085\u009b\u2028\u2029e\ufffe",
        ["direction"] = "\u202eexe.\u2066gnp\u2067\u061c\u200f\u202d\u202a\u2069\u2069",
        ["long"] = new string('W', 350),
        ["marks"] = "Z" + string.Concat(Enumerable.Repeat("\u0351\u0358\u0321\u031b", 80)),
        ["emoji"] = string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 50)),
    };

    // One repository for each field, as all together are more than facts may hold.
    private static readonly Dictionary<string, Func<string, RepositoryFacts>> Fields = new(StringComparer.Ordinal)
    {
        ["tag"] = text => new() { Tag = text, DescriptionTag = text },
        ["digest"] = text => new() { Tag = "1", Digest = text, MediaType = text, ArtifactType = text },
        ["platforms"] = text => new() { Platforms = [text, text], Size = long.MaxValue, SizePlatform = text },
        ["title"] = text => new() { Title = text, Vendor = text, Version = text },
        ["licenses"] = text => new() { Licenses = [text, text], Revision = text, BaseName = text },
        ["links"] = text => new() { Source = text, Url = text, Documentation = text },
        ["times"] = text => new() { Title = text, PushedAt = DateTimeOffset.MaxValue, CreatedAt = DateTimeOffset.MinValue, TagCount = int.MaxValue, IsSigned = true, IsDeprecated = true },
    };

    /// <summary>The names; the last two are as long as names can be.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Texts.Keys.SelectMany(text => Fields.Keys.Select(fields => $"hostile/{text}/{fields}")), new string('w', RepositoryName.MaxLength), string.Join('/', Enumerable.Repeat("w", 128))];

    public static string Lines => string.Join('\n', Names.Select(name =>
    {
        var parts = name.Split('/');
        var text = Texts.GetValueOrDefault(parts.ElementAtOrDefault(1) ?? "", Markup);
        return JsonSerializer.Serialize(new { name, description = $"hostile {text}", facts = Fields.GetValueOrDefault(parts.ElementAtOrDefault(2) ?? "", Fields["title"])(text) });
    }));

    /// <summary>What is typed and pasted: the same texts, as a person was told to paste them.</summary>
    public static IEnumerable<string> Searches => Texts.Values;
}
