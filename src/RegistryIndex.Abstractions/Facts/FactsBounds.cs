using System.Buffers;
using System.Text.Json;

namespace RegistryIndex;

/// <summary>The bounds of facts (contract 8.3 and 8.4). Values beyond them are cut or dropped, never refused.</summary>
internal static class FactsBounds
{
    private const int MaxText = 256; // code points
    private const int MaxUrl = 1_024; // UTF-16 code units
    private const int MaxTag = 128; // characters, like the limits below
    private const int MaxWord = 255;
    private const int MaxPlatform = 64;
    private const int MaxPlatforms = 20;
    private const int FewPlatforms = 5;
    private const int MaxLicenses = 10;
    private const int MaxOtherImage = MaxTag + 1 + MaxWord; // with the sign between them
    private const int MaxOtherImages = 4;
    private const int FirstKnownYear = 1981; // reproducible builds set 1970 or 1980

    // An upper bound: the names of all fields, punctuation, times and numbers.
    private const int JsonWithoutTexts = 600;

    private static readonly SearchValues<char> WordCharacters = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Except(['"', '\\'])]);
    private static readonly SearchValues<char> OneByteCharacters = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['"', '\\'])]);

    private static readonly Func<RepositoryFacts, RepositoryFacts>[] Drops =
    [
        facts => facts with { OtherImages = null },
        facts => facts with { Documentation = null },
        facts => facts with { Url = null },
        facts => facts with { Revision = null },
        facts => facts with { BaseName = null },
        facts => facts with { Source = null },
        facts => facts with { Licenses = null },
        facts => facts with { Platforms = facts.Platforms?.Take(FewPlatforms).ToArray() },
        facts => facts with { Vendor = null },
        facts => facts with { Version = null },
        facts => facts with { Title = null },
    ];

    private static readonly RepositoryFacts Nothing = new();

    /// <summary>Brings the facts within all bounds.</summary>
    /// <returns>The facts, or null when no known fact remains.</returns>
    public static RepositoryFacts? Apply(RepositoryFacts? facts)
    {
        if (facts is null)
            return null;
        var bounded = ApplyToFields(facts);
        if (bounded == Nothing)
            return null;
        for (var drop = 0; drop < Drops.Length && !Fits(bounded); drop++)
            bounded = Drops[drop](bounded);
        return bounded == facts ? facts : bounded;
    }

    private static RepositoryFacts ApplyToFields(RepositoryFacts facts) => new()
    {
        Tag = Word(facts.Tag, MaxTag),
        DescriptionTag = Word(facts.DescriptionTag, MaxTag),
        TagCount = facts.TagCount >= 0 ? facts.TagCount : null,
        Digest = Word(facts.Digest),
        MediaType = Word(facts.MediaType),
        ArtifactType = Word(facts.ArtifactType),
        Kind = facts.Kind is { } kind && Enum.IsDefined(kind) ? kind : null,
        Platforms = facts.Platforms?.Select(platform => Word(platform, MaxPlatform)).OfType<string>().Take(MaxPlatforms).ToArray(),
        Size = facts.Size >= 0 ? facts.Size : null,
        SizePlatform = Word(facts.SizePlatform, MaxPlatform),
        CreatedAt = Time(facts.CreatedAt),
        PushedAt = Time(facts.PushedAt),
        IsSigned = facts.IsSigned,
        IsDeprecated = facts.IsDeprecated,
        Title = Text(facts.Title),
        Vendor = Text(facts.Vendor),
        Licenses = facts.Licenses?.Select(Text).OfType<string>().Take(MaxLicenses).ToArray(),
        Version = Text(facts.Version),
        Revision = Text(facts.Revision),
        Source = Url(facts.Source),
        Url = Url(facts.Url),
        Documentation = Url(facts.Documentation),
        BaseName = Text(facts.BaseName),
        OtherImages = facts.OtherImages?.Select(image => Word(image, MaxOtherImage)).OfType<string>().Take(MaxOtherImages).ToArray(),
    };

    private static string? Word(string? word, int most = MaxWord) =>
        word is { Length: > 0 } && word.Length <= most && !word.AsSpan().ContainsAnyExcept(WordCharacters) ? word : null;

    private static string? Text(string? text) => RepositoryDescription.FromIngest(text, MaxText);

    private static string? Url(string? url) => url is { Length: <= MaxUrl } ? RepositoryDescription.FromIngest(url, MaxUrl) : null;

    private static DateTimeOffset? Time(DateTimeOffset? time)
    {
        if (time?.ToUniversalTime() is not { Year: >= FirstKnownYear } known)
            return null;
        var beyond = known.Ticks % TimeSpan.TicksPerMillisecond;
        return beyond == 0 ? known : known.AddTicks(-beyond);
    }

    // The estimate is enough for most facts, so that they need not be serialized.
    private static bool Fits(RepositoryFacts facts)
    {
        ReadOnlySpan<string?> texts =
        [
            facts.Tag, facts.DescriptionTag, facts.Digest, facts.MediaType, facts.ArtifactType, facts.SizePlatform, facts.Title, facts.Vendor, facts.Version, facts.Revision,
            facts.Source, facts.Url, facts.Documentation, facts.BaseName, .. facts.Platforms ?? [], .. facts.Licenses ?? [], .. facts.OtherImages ?? [],
        ];
        var most = JsonWithoutTexts;
        foreach (var text in texts)
            most += MostBytes(text);
        return most <= RepositoryFacts.MaxJsonBytes
            || JsonSerializer.SerializeToUtf8Bytes(facts, FactsJson.Writer.RepositoryFacts).Length <= RepositoryFacts.MaxJsonBytes;
    }

    // Includes the quotation marks and the comma of a list item. An escaped character takes six bytes.
    private static int MostBytes(string? text) => text is null ? 0 : 3 + (text.AsSpan().ContainsAnyExcept(OneByteCharacters) ? 6 * text.Length : text.Length);
}
