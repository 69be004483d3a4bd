namespace RegistryIndex.DynamoDb.Importing;

/// <summary>What a stream says about one name: of several descriptions the last is stored, and each is counted.</summary>
internal sealed class ImportEntry(string name, bool keepDescriptions)
{
    private readonly List<string?> _descriptions = [];

    public string Name { get; } = name;

    /// <summary>How often the stream mentioned the name.</summary>
    public int Mentions => _descriptions.Count;

    /// <summary>What the entry does to the index, as far as it was told of what is stored.</summary>
    public ImportResult Result { get; private set; } = ImportResult.None;

    public void Add(string? description) => _descriptions.Add(description);

    /// <summary>Says what the description becomes, given what is stored, and counts as if each were stored in turn.</summary>
    public string? Describe(Repository? stored)
    {
        Result = ImportResult.None;
        var (exists, current) = (stored is not null, stored?.Description);
        foreach (var description in _descriptions)
        {
            var next = keepDescriptions && description is null ? current : description;
            Result += (exists, next == current) switch
            {
                (false, _) => new(1, 0, 0, 0),
                (true, false) => new(0, 1, 0, 0),
                (true, true) => new ImportResult(0, 0, 1, 0),
            };
            (exists, current) = (true, next);
        }

        return current;
    }
}
