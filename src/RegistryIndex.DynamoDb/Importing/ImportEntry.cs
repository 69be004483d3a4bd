namespace RegistryIndex.DynamoDb.Importing;

/// <summary>All mentions of one name in a stream. The last description and the last facts are stored, and each mention is counted.</summary>
internal sealed class ImportEntry(string name, bool keepDescriptions)
{
    private readonly List<Repository> _mentions = [];

    public string Name { get; } = name;

    /// <summary>How often the stream mentions the name.</summary>
    public int Mentions => _mentions.Count;

    /// <summary>How the entry changes the index, as of the last <see cref="WriteOver"/>.</summary>
    public ImportResult Result { get; private set; } = ImportResult.None;

    public void Add(Repository repository) => _mentions.Add(repository);

    /// <summary>Returns the repository to store over the stored one, and counts as if each mention were stored in turn.</summary>
    public Repository WriteOver(Repository? stored)
    {
        Result = ImportResult.None;
        foreach (var repository in _mentions)
        {
            var write = repository.WriteOver(stored, keepDescriptions);
            Result += ImportResult.Of(write.Outcome);
            stored = write.Result;
        }

        return stored!; // an entry has at least one mention
    }
}
