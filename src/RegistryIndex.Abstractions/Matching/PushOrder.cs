using System.Globalization;

namespace RegistryIndex;

/// <summary>
/// The order of the last push (contract 8.10) as rank keys: the newest push first, then repositories without a known push; equal times by name.
/// The text of a key is <see cref="TextOf"/>; its tier is 0.
/// </summary>
public static class PushOrder
{
    /// <summary>The text of a push that is not known, which comes after all digits.</summary>
    public const string Unknown = "unknown";

    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Returns the place of a repository.</summary>
    public static RankKey KeyOf(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new(0, TextOf(repository.Facts?.PushedAt), repository.Name);
    }

    /// <summary>
    /// Returns a time as text that sorts as contract 8.10 requires: the milliseconds from it to the end of the year 9999, in 15 digits;
    /// <see cref="Unknown"/> for null.
    /// </summary>
    public static string TextOf(DateTimeOffset? pushedAt) =>
        pushedAt is { } time ? (Last - time.ToUnixTimeMilliseconds()).ToString("d15", CultureInfo.InvariantCulture) : Unknown;

    /// <summary>Returns the time that a key of this order represents, or null if it is unknown.</summary>
    /// <param name="key">A key from <see cref="KeyOf"/>, or <see cref="SearchRequest.After"/> of a request in this order.</param>
    public static DateTimeOffset? PushedAt(RankKey key) =>
        key.Text == Unknown ? null : DateTimeOffset.FromUnixTimeMilliseconds(Last - long.Parse(key.Text, NumberStyles.None, CultureInfo.InvariantCulture));

    internal static bool IsKey(RankKey key) =>
        key.Tier == 0 && (key.Text == Unknown || (key.Text.Length == 15 && key.Text.All(char.IsAsciiDigit) && long.Parse(key.Text, NumberStyles.None, CultureInfo.InvariantCulture) <= Last));
}
