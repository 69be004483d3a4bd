using System.Globalization;
using System.Numerics;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Configuration;

/// <summary>A setting that the program reads.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Type">The type that it is bound to: a text, a number, a boolean or an enumeration.</param>
/// <param name="Example">A valid value, such as its default; null when there is none to show.</param>
internal sealed record KnownSetting(string Key, Type Type, object? Example = null)
{
    /// <summary>Whether the setting is one text of several values with <c>;</c> between them, which may also be written as a list.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Whether the setting also has settings below it.</summary>
    public bool IsBlock { get; init; }

    /// <summary>Checks one value: returns the end of a sentence that says what the value must be, or null when it is valid.</summary>
    public Func<string, string?>? Refusal { get; init; }

    /// <summary>Whether the setting is the path of a file that is read.</summary>
    public bool IsFile => RedactedText.IsFile(Key);

    /// <summary>Whether an empty value counts as a value, and not as a missing one.</summary>
    public bool MayBeEmpty => Type == typeof(string);

    /// <summary>Parses a value.</summary>
    /// <param name="text">The value, which is not empty.</param>
    /// <param name="value">The value in its normal form, which every reader understands.</param>
    /// <returns>Null when the value is valid; otherwise the end of a sentence that says what it must be.</returns>
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
        // The options of each setting check its range, after the number was parsed.
        return BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var beyond)
            ? $"a {(beyond.Sign < 0 ? "larger" : "smaller")} whole number{Such}"
            : $"a whole number{Such}";
    }

    /// <summary>Whether settings of that type are supported.</summary>
    public static bool IsSupported(Type type) =>
        type == typeof(string) || type == typeof(int) || type == typeof(double) || type == typeof(bool) || type == typeof(TimeSpan) || type.IsEnum;

    private string[] ValuesIn(string text) => IsJoined ? JoinedValues.Of(text) : [text];

    private string Such => Example is null ? "" : $", such as {Convert.ToString(Example, CultureInfo.InvariantCulture)}";

    // A number is not accepted as a name, although Enum itself accepts it.
    internal static bool IsNameOf(Type type, string value) => Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);

    // As YAML 1.1 writes booleans, in every source.
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
