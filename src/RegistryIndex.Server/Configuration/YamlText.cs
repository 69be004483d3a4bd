using System.Text;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Configuration;

/// <summary>Reads a YAML file as text.</summary>
internal static class YamlText
{
    /// <summary>The largest size of a file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="file">The path of the file.</param>
    /// <param name="open">Opens it.</param>
    /// <exception cref="ConfigurationMistakeException">The file cannot be read, or is not UTF-8 text.</exception>
    public static string Read(string file, Func<string, string, Stream> open)
    {
        const string What = "The configuration file";
        using var stream = open(file, What);
        var bytes = new byte[MaxBytes + 1];
        try
        {
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes
                ? throw new ConfigurationMistakeException($"{What} '{file}' is larger than 1 MiB; name the right file.")
                : Decode(file, bytes.AsSpan(0, length));
        }
        catch (IOException error)
        {
            throw new ConfigurationMistakeException($"{What} '{file}' cannot be read: {GivenFile.ProblemOf(error)}.", error);
        }
    }

    private static string Decode(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] or [not 0, 0, not 0, 0, ..])
            throw new ConfigurationMistakeException($"The configuration file '{file}' is in UTF-16; save it as UTF-8.");
        if (bytes.IndexOf((byte)0) is >= 0 and var zero)
            throw new ConfigurationMistakeException($"The configuration file '{file}' is not a text file: it has a zero byte in line {LineOf(bytes, zero)}; name the YAML file.");
        var text = bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException error)
        {
            throw new ConfigurationMistakeException($"The configuration file '{file}' is not UTF-8 text in line {LineOf(text, error.Index)}; save it as UTF-8, or name the YAML file if this is another.", error);
        }
    }

    private static int LineOf(ReadOnlySpan<byte> bytes, int position) => 1 + bytes[..Math.Clamp(position, 0, bytes.Length)].Count((byte)'\n');
}
