using System.Text;
using RegistryIndex.Sources;

namespace RegistryIndex.Files;

/// <summary>Reads a file of secrets. Refuses binary files, such as archives or keys in another format: their bytes are not secrets.</summary>
internal static class SecretText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="setting">The setting that names the file.</param>
    /// <param name="file">Its path.</param>
    /// <param name="content">Its content: UTF-8, or the encoding that its byte order mark names.</param>
    /// <exception cref="UnusableFileException">The file is not text.</exception>
    public static string Read(string setting, string file, byte[] content)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(content), Utf8);
            if (reader.ReadToEnd() is var text && !text.Contains('\0', StringComparison.Ordinal))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // The exception below says it.
        }

        throw new UnusableFileException($"{setting} '{RepositoryName.Shown(file, most: 200)}' is not UTF-8 text: write only the secret into it.");
    }
}
