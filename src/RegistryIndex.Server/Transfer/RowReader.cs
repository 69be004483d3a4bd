using System.Runtime.CompilerServices;
using System.Text;
using RegistryIndex.Server.References;

namespace RegistryIndex.Server.Transfer;

/// <summary>
/// Reads lines into repositories, in bounded memory. A line that is not a repository, or one that no index may hold, is refused with its
/// number, and reading continues.
/// </summary>
/// <param name="input">The lines.</param>
/// <param name="areReferences">Whether names may be references, whose names are used.</param>
/// <param name="refused">Receives each refused line.</param>
internal sealed class RowReader(TextReader input, bool areReferences, Action<RefusedLine> refused)
{
    private const int MaxLineLength = 64 * 1024;
    private const int MaxShown = 1_000;

    /// <summary>How many lines were refused.</summary>
    public long Refused { get; private set; }

    public async IAsyncEnumerable<Repository> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var line in LinesAsync(cancellationToken))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line) && TryParse(line, number) is { } repository)
                yield return repository;
        }
    }

    private Repository? TryParse(string line, long number)
    {
        try
        {
            var repository = line.Length > MaxLineLength
                ? throw new FormatException($"it is longer than {MaxLineLength} characters")
                : line.Contains(RowText.NoText, StringComparison.Ordinal)
                    ? throw new FormatException("it has bytes that are not UTF-8 text")
                    : RowFormat.Parse(line);
            if (areReferences)
                repository = new(ImageReference.NameIn(repository.Name), repository.Description, repository.Facts);
            if (FindProblem(repository) is not { } problem)
                return repository;
            Refuse(new(repository.Name, repository.Description, problem, number));
        }
        catch (FormatException error)
        {
            Refuse(new(null, null, $"{error.Message}.", number, (line.Length > MaxShown ? line[..MaxShown] : line).Replace(RowText.NoText, '\ufffd')));
        }

        return null;
    }

    private static string? FindProblem(Repository repository)
    {
        if (repository.FindProblem() is not { } problem)
            return null;
        var name = ImageReference.NameIn(repository.Name);
        return name != repository.Name && RepositoryName.FindProblem(name) is null
            ? $"'{RepositoryName.Shown(repository.Name)}' is a reference, but the index contains names: write '{name}', or import with --references."
            : problem;
    }

    private void Refuse(RefusedLine line)
    {
        Refused++;
        refused(line);
    }

    // StreamReader.ReadLine would read a file without line ends into memory as a whole.
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
