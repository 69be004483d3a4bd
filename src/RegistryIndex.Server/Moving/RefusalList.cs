namespace RegistryIndex.Server.Moving;

/// <summary>Lists what a target refuses: in a file as JSON Lines, or as sentences on standard error. Called one call at a time.</summary>
/// <param name="file">The file; null for standard error.</param>
/// <param name="before">How many the run before this one has listed; a file is then gone on with.</param>
internal sealed class RefusalList(string? file, long before) : IDisposable
{
    private StreamWriter? _writer;
    private long _added;

    /// <summary>How many there are.</summary>
    public long Count => before + _added;

    /// <summary>Where to look, as the rest of a clause.</summary>
    public string Where => file is null ? before == 0 ? ", as said above" : ", as said above and by the run before" : $", listed in {file}";

    public void Add(RefusedRepository refused)
    {
        _added++;
        if (file is null)
        {
            Console.Error.WriteLine($"Refused: {refused.Reason}");
            return;
        }

        _writer ??= new StreamWriter(file, append: before > 0) { NewLine = "\n" };
        _writer.WriteLine(new RefusedLine(refused.Repository.Name, refused.Repository.Description, refused.Reason).ToJson());
        _writer.Flush(); // also when we are killed
    }

    public void Dispose() => _writer?.Dispose();
}
