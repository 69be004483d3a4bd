namespace RegistryIndex.DynamoDb.Importing;

/// <summary>What a stream says about one name: of several descriptions the last is stored, and each is counted.</summary>
internal sealed class ImportEntry(string name, bool keepDescriptions)
{
    private readonly List<Repository> _mentions = [];

    public string Name { get; } = name;

    /// <summary>How often the stream mentioned the name.</summary>
    public int Mentions => _mentions.Count;

    /// <summary>What the entry does to the index, as far as it was told of what is stored.</summary>
    public ImportResult Result { get; private set; } = ImportResult.None;

    public void Add(Repository repository) => _mentions.Add(repository);

    /// <summary>Says what the description becomes, given what is stored, and counts as if each were stored in turn.</summary>
    public string? Describe(Repository? stored)
    {
        Result = ImportResult.None;
        foreach (var repository in _mentions)
        {
            var write = repository.WriteOver(stored, keepDescriptions);
            Result += ImportResult.Of(write.Outcome);
            stored = write.Result;
        }

        return stored?.Description;
    }
}
