using System.Globalization;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Transfer;

/// <summary>Lists refused repositories: all of them in a file as JSON Lines, or the first ones as sentences on standard error. Thread-safe.</summary>
/// <param name="file">The file; null for standard error.</param>
/// <param name="before">How many the previous run has listed; if any, the file is continued.</param>
internal sealed class RefusalList(string? file, long before = 0) : IDisposable
{
    private const int MostSaid = 20; // a screenful, with the command's other output

    private readonly Lock _gate = new();
    private readonly StreamWriter? _writer = file is null ? null : Open(file, before > 0); // at once: a file that cannot be written is a mistake of the command
    private long _added;

    /// <summary>The number of refusals.</summary>
    public long Count => before + _added;

    /// <summary>Where the refusals are listed, as the rest of a clause.</summary>
    public string Where
    {
        get
        {
            if (file is not null)
                return $", listed in {file}";
            return (_added > MostSaid ? $", the first {MostSaid} as said above (--refused FILE lists all)" : ", as said above") + (before == 0 ? "" : " and by the run before");
        }
    }

    public void Add(RefusedRepository refused) => Add(new RefusedLine(refused.Repository.Name, refused.Repository.Description, refused.Reason));

    public void Add(RefusedLine refused)
    {
        lock (_gate)
        {
            _added++;
            if (_writer is not null)
            {
                Write(refused);
            }
            else if (_added <= MostSaid)
            {
                Console.Error.WriteLine(refused.ToString());
            }
        }
    }

    /// <summary>Reports how many were refused and where they are listed, if any were.</summary>
    public void SayCount()
    {
        if (Count > 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count:n0} were refused{Where}."));
    }

    public void Dispose() => _writer?.Dispose();

    // An existing file may be anything, even the input or an index: nothing is overwritten, and only a list is continued.
    private static StreamWriter Open(string file, bool goesOn)
    {
        var stream = GivenFile.OpenToAppend(file, "--refused");
        if (stream.Length == 0 || (goesOn && IsList(file)))
            return new StreamWriter(stream) { NewLine = "\n" };
        stream.Dispose();
        throw new ConfigurationMistakeException($"--refused '{RepositoryName.Shown(file)}' names a file that is not empty; name a new one.");
    }

    private static bool IsList(string file)
    {
        using var reader = new StreamReader(GivenFile.OpenToRead(file, "--refused"));
        var start = new char[200];
        return new string(start, 0, reader.ReadBlock(start)).StartsWith("{\"name\":", StringComparison.Ordinal);
    }

    private void Write(RefusedLine refused)
    {
        try
        {
            _writer!.WriteLine(refused.ToJson());
            _writer.Flush(); // so that the list is complete when the process is killed
        }
        catch (IOException error)
        {
            throw new IOException($"--refused '{RepositoryName.Shown(file!)}' cannot be written: {GivenFile.ProblemOf(error)}.", error);
        }
    }
}
