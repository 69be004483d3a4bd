using System.Text;
using RegistryIndex.Sources;

namespace RegistryIndex.Files;

/// <summary>What is in a file of secrets. Of an archive or a key in another form some bytes would be taken for secrets that nobody has.</summary>
internal static class SecretText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="setting">The setting that names the file.</param>
    /// <param name="file">Its path.</param>
    /// <param name="content">What is in it: UTF-8, or what its byte order mark says.</param>
    /// <exception cref="UnusableFileException">It is no text.</exception>
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
            // As below.
        }

        throw new UnusableFileException($"{setting} '{RepositoryName.Shown(file, most: 200)}' is no text in UTF-8: write the secret itself into it, and nothing else.");
    }
}
