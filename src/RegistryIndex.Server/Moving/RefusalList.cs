namespace RegistryIndex.Server.Moving;

/// <summary>Lists what a target refuses: in a file as JSON Lines, or as sentences on standard error. Called one call at a time.</summary>
internal sealed class RefusalList(string? file) : IDisposable
{
    private StreamWriter? _writer;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Where to look, as the rest of a clause.</summary>
    public string Where => file is null ? ", as said above" : $", listed in {file}";

    public void Add(RefusedRepository refused)
    {
        Count++;
        if (file is null)
        {
            Console.Error.WriteLine($"Refused: {refused.Reason}");
            return;
        }

        _writer ??= new StreamWriter(file) { NewLine = "\n" };
        _writer.WriteLine(new RefusedLine(refused.Repository.Name, refused.Repository.Description, refused.Reason).ToJson());
        _writer.Flush(); // also when we are killed
    }

    public void Dispose() => _writer?.Dispose();
}
