using System.Globalization;
using System.Numerics;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Configuration;

/// <summary>A setting that something reads.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Type">What it is bound to: a text, a number, a boolean or an enumeration.</param>
/// <param name="Example">A value that it may have, such as its default; null where there is none to show.</param>
internal sealed record KnownSetting(string Key, Type Type, object? Example = null)
{
    /// <summary>Whether it is one text of several values with <c>;</c> between them, for which a list may be written, too.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Whether there are also settings below it.</summary>
    public bool IsBlock { get; init; }

    /// <summary>What says of one value that it cannot be, as the end of a sentence that says what it must be; null of one that can.</summary>
    public Func<string, string?>? Refusal { get; init; }

    /// <summary>Whether it is the path of a file that is read.</summary>
    public bool IsFile => RedactedText.IsFile(Key);

    /// <summary>Whether an empty value is a value, and not the same as none.</summary>
    public bool MayBeEmpty => Type == typeof(string);

    /// <summary>Reads a value as it is written.</summary>
    /// <param name="text">The value, which is not empty.</param>
    /// <param name="value">The same value in the one form that every reader understands.</param>
    /// <returns>Null; or, when it is no such value, the end of a sentence that says what it must be.</returns>
    public string? Read(string text, out string value)
    {
        value = text;
        if (MayBeEmpty)
            return text.Any(char.IsControl) ? "a text without control characters" : ValuesIn(text).Select(one => Refusal?.Invoke(one)).FirstOrDefault(refusal => refusal is not null);
        value = text.Trim();
        if (Type == typeof(bool))
            return ReadBoolean(ref value) ? null : "true or false";
        if (Type.IsEnum)
            return IsNameOf(Type, value) ? null : $"one of {string.Join(", ", Enum.GetNames(Type))}";
        if (Type == typeof(TimeSpan))
            return TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : $"a time as hh:mm:ss{Such}";
        if (Type == typeof(double))
            return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? null : $"a number{Such}";
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return null;
        // The range of each setting is checked by its options, once the number can be read.
        return BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var beyond)
            ? $"a {(beyond.Sign < 0 ? "larger" : "smaller")} whole number{Such}"
            : $"a whole number{Such}";
    }

    /// <summary>Whether there are settings of that type.</summary>
    public static bool IsSupported(Type type) =>
        type == typeof(string) || type == typeof(int) || type == typeof(double) || type == typeof(bool) || type == typeof(TimeSpan) || type.IsEnum;

    private string[] ValuesIn(string text) => IsJoined ? JoinedValues.Of(text) : [text];

    private string Such => Example is null ? "" : $", such as {Convert.ToString(Example, CultureInfo.InvariantCulture)}";

    // A number is no name, although Enum itself takes one.
    internal static bool IsNameOf(Type type, string value) => Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);

    // As YAML 1.1 writes them, in every source.
    private static bool ReadBoolean(ref string value)
    {
        var (known, word) = value.ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "ON" or "1" => (true, "true"),
            "FALSE" or "NO" or "OFF" or "0" => (true, "false"),
            _ => (false, value),
        };
        value = word;
        return known;
    }
}
