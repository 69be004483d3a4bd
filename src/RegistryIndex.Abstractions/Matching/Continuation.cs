using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RegistryIndex;

/// <summary>
/// A position in the results of one query, as text for clients (contract 5.2 to 5.4). It is the base64url of a format byte, eight
/// bytes of SHA-256 over query, order and position, and the position. It holds no secret and grants nothing. The digest binds
/// it to its query and order and reveals damage.
/// </summary>
internal static class Continuation
{
    private const byte Format = 2; // format 1 had the order of contract 4.1 to 4.4
    private const int DigestLength = 8;

    // A client's text is not decoded without a bound. A predecessor's name may be longer than 1.2 allows: of 19,000 bytes, it makes at most
    // this many characters, because its folded text is at most half as long again. The keys of DynamoDB have 2,048 bytes at most.
    private const int MaxLength = 65_536;

    public static string Encode(RankKey position, SearchQuery query, SearchOrder order)
    {
        var payload = Encoding.UTF8.GetBytes($"{position.Tier}{position.Text}\n{position.Name}");
        return Base64Url.EncodeToString([Format, .. Digest(payload, query, order), .. payload]);
    }

    public static RankKey Decode(string continuation, SearchQuery query, SearchOrder order)
    {
        if (TryDecode(continuation, query, order) is { } position)
            return position;
        throw new ArgumentException(
            "The continuation does not belong to this search: start again without one.", nameof(continuation));
    }

    private static RankKey? TryDecode(string continuation, SearchQuery query, SearchOrder order)
    {
        if (continuation.Length > MaxLength || !Base64Url.IsValid(continuation))
            return null;
        var bytes = Base64Url.DecodeFromChars(continuation);
        if (bytes.Length <= 1 + DigestLength || bytes[0] != Format)
            return null;
        var payload = bytes.AsSpan(1 + DigestLength);
        if (!bytes.AsSpan(1, DigestLength).SequenceEqual(Digest(payload, query, order)))
            return null;
        var text = Encoding.UTF8.GetString(payload);
        var split = text.IndexOf('\n', StringComparison.Ordinal);
        if (split < 1)
            return null;
        var position = new RankKey(text[0] - '0', text[1..split], text[(split + 1)..]);
        return CanBeIn(query, order, position) ? position : null;
    }

    // Even a client that computes the digest itself can only name a position where a result could be.
    private static bool CanBeIn(SearchQuery query, SearchOrder order, RankKey position) => order == SearchOrder.Pushed ? PushOrder.IsKey(position) : query.RankingWord is not { } word
        ? position is { Tier: 0, Text: "" }
        : position.Tier switch
        {
            1 or 2 => position.Text.StartsWith(word, StringComparison.Ordinal)
                && Folding.Fold(position.Name).EndsWith(position.Text, StringComparison.Ordinal),
            3 => position.Text.StartsWith(CodePoints.Cut(word, RankKey.MaxDescriptionText), StringComparison.Ordinal)
                && CodePoints.Count(position.Text) <= RankKey.MaxDescriptionText,
            _ => false,
        };

    private static ReadOnlySpan<byte> Digest(ReadOnlySpan<byte> payload, SearchQuery query, SearchOrder order)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"RegistryIndex continuation {Format}{(order == SearchOrder.Pushed ? " by push" : "")}\n{query}\n"));
        hash.AppendData(payload);
        return hash.GetHashAndReset().AsSpan(0, DigestLength);
    }
}
