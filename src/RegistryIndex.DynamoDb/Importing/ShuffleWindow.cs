using System.Security.Cryptography;

namespace RegistryIndex.DynamoDb.Importing;

/// <summary>
/// Shuffles a stream within a window. Names arrive sorted, and neighbours belong to the same partitions. DynamoDB can spread load over
/// partitions, but not the load of ascending keys.
/// </summary>
internal sealed class ShuffleWindow(bool keepDescriptions)
{
    private readonly List<ImportEntry> _entries = [];
    private readonly Dictionary<string, ImportEntry> _byName = new(StringComparer.Ordinal);

    /// <summary>The number of repositories in the window.</summary>
    public int Count { get; private set; }

    public void Add(Repository repository)
    {
        if (!_byName.TryGetValue(repository.Name, out var entry))
        {
            entry = new ImportEntry(repository.Name, keepDescriptions);
            _byName.Add(repository.Name, entry);
            _entries.Add(entry);
        }

        entry.Add(repository);
        Count++;
    }

    public ImportEntry TakeAny()
    {
        var place = RandomNumberGenerator.GetInt32(_entries.Count);
        var entry = _entries[place];
        _entries[place] = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        _byName.Remove(entry.Name);
        Count -= entry.Mentions;
        return entry;
    }
}
