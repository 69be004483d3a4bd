using System.Text.RegularExpressions;

namespace RegistryIndex.Storage.Images;

/// <summary>The address of a blob by its content. Only a checked one is ever made into a path.</summary>
internal readonly partial record struct Digest
{
    private readonly string _text;

    private Digest(string text) => _text = text;

    public static Digest? TryParse(string? text) => text is not null && Grammar().IsMatch(text) ? new(text) : null;

    /// <summary>Where distribution keeps the blob, below its directory <c>blobs</c>.</summary>
    public string ToPath()
    {
        var colon = _text.IndexOf(':', StringComparison.Ordinal);
        var hex = _text.AsSpan(colon + 1);
        return $"{_text.AsSpan(0, colon)}/{hex[..2]}/{hex}/data";
    }

    public override string ToString() => _text;

    [GeneratedRegex("""\A(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
