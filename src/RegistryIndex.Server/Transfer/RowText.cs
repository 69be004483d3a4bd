using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace RegistryIndex.Server.Transfer;

/// <summary>Opens lines of text: UTF-8, or the encoding of a byte order mark.</summary>
internal static class RowText
{
    /// <summary>Replaces bytes that are not text, and is not a character itself.</summary>
    public const char NoText = '\uffff';

    private static readonly Encoding Utf8 = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(NoText.ToString()));

    /// <param name="input">The bytes.</param>
    /// <param name="what">The kind of input, as the beginning of a sentence.</param>
    /// <param name="cancellationToken">Ends the wait for the first of them.</param>
    /// <exception cref="ConfigurationMistakeException">The input is not text, such as an archive or a database, whose bytes would fill an
    /// index with names of one letter.</exception>
    public static async Task<StreamReader> OpenAsync(Stream input, string what, CancellationToken cancellationToken)
    {
        var bytes = PipeReader.Create(input);
        var start = (await bytes.ReadAtLeastAsync(2, cancellationToken)).Buffer;
        var isMarked = IsMarkOfUtf16(start);
        var isText = isMarked || start.PositionOf((byte)0) is null;
        bytes.AdvanceTo(start.Start);
        if (isText)
            return isMarked ? new StreamReader(bytes.AsStream()) : new StreamReader(bytes.AsStream(), Utf8, detectEncodingFromByteOrderMarks: false);
        throw new ConfigurationMistakeException($"{what} is not text: it has zero bytes. It must have lines in UTF-8, {{\"name\": …, \"description\": …}} or name<TAB>description.");
    }

    private static bool IsMarkOfUtf16(ReadOnlySequence<byte> start)
    {
        Span<byte> mark = stackalloc byte[2];
        if (start.Length < mark.Length)
            return false;
        start.Slice(0, mark.Length).CopyTo(mark);
        return mark is [0xFF, 0xFE] or [0xFE, 0xFF];
    }
}
