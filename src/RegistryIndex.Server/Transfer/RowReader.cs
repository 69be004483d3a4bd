using System.Runtime.CompilerServices;
using System.Text;

namespace RegistryIndex.Server.Transfer;

/// <summary>Reads lines into repositories in bounded memory. A line that is none is reported, and reading goes on.</summary>
internal sealed class RowReader(TextReader input, Action<string> refused)
{
    private const int MaxLineLength = 64 * 1024;

    /// <summary>How many lines were no repositories.</summary>
    public long RefusedLines { get; private set; }

    public async IAsyncEnumerable<Repository> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var line in LinesAsync(cancellationToken))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (TryParse(line, number) is { } repository)
                yield return repository;
        }
    }

    private Repository? TryParse(string line, long number)
    {
        try
        {
            return line.Length > MaxLineLength
                ? throw new FormatException($"it is longer than {MaxLineLength} characters")
                : RowFormat.Parse(line);
        }
        catch (FormatException error)
        {
            RefusedLines++;
            refused($"Line {number} is refused: {error.Message}.");
            return null;
        }
    }

    // StreamReader.ReadLine would take a file without line ends into memory whole.
    private async IAsyncEnumerable<string> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (buffer, line) = (new char[16 * 1024], new StringBuilder());
        for (int read; (read = await input.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            for (var (start, end) = (0, 0); start < read; start = end + 1)
            {
                end = Array.IndexOf(buffer, '\n', start, read - start);
                var piece = buffer.AsMemory(start, (end < 0 ? read : end) - start);
                if (line.Length <= MaxLineLength)
                    line.Append(piece);
                if (end < 0)
                    break;
                yield return Take(line);
            }
        }

        if (line.Length > 0)
            yield return Take(line);
    }

    private static string Take(StringBuilder line)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        return text;
    }
}
