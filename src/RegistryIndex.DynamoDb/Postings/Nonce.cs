using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>
/// The identity of one write attempt, which its postings carry. It consists of the time in milliseconds and 48 random bits, as 24
/// hexadecimal digits, so that it shows its age.
/// </summary>
internal static class Nonce
{
    private const int TimeDigits = 12;
    private const int Digits = 24;

    public static string New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + 6];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(bytes[sizeof(long)..]);
        return Convert.ToHexStringLower(bytes[2..]);
    }

    /// <summary>When the nonce was made; null if it is not one of ours.</summary>
    public static DateTimeOffset? TimeOf(string nonce) =>
        nonce.Length == Digits && long.TryParse(nonce.AsSpan(0, TimeDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
