using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace RegistryIndex.Sources.Images;

/// <summary>The address of a blob by its content, <c>sha256:…</c> or <c>sha512:…</c>. Only a digest that was checked is used in a path.</summary>
public readonly partial record struct Digest
{
    private readonly string _text;

    private Digest(string text) => _text = text;

    /// <summary>Reads a digest.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The digest; null when the text is not a digest.</returns>
    public static Digest? TryParse(string? text) => text is not null && Grammar().IsMatch(text) ? new(text) : null;

    /// <summary>Returns the path of the blob below distribution's directory <c>blobs</c>.</summary>
    public string ToPath()
    {
        var colon = _text.IndexOf(':', StringComparison.Ordinal);
        var hex = _text.AsSpan(colon + 1);
        return $"{_text.AsSpan(0, colon)}/{hex[..2]}/{hex}/data";
    }

    /// <summary>Whether this is the digest of a content.</summary>
    /// <param name="content">The content.</param>
    public bool IsOf(ReadOnlySpan<byte> content) =>
        _text == (_text.StartsWith("sha512:", StringComparison.Ordinal) ? $"sha512:{Convert.ToHexStringLower(SHA512.HashData(content))}" : Sha256Of(content)._text);

    /// <summary>Computes the SHA-256 digest of a content.</summary>
    /// <param name="content">The content.</param>
    public static Digest Sha256Of(ReadOnlySpan<byte> content) => new($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}");

    /// <inheritdoc/>
    public override string ToString() => _text;

    [GeneratedRegex("""\A(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
