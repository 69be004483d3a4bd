using System.Security.Cryptography;

namespace RegistryIndex.DynamoDb.Importing;

/// <summary>
/// Mixes a stream within a window. Names arrive sorted, and neighbours fall into the same partitions;
/// DynamoDB can spread heat over partitions, but not the heat of ascending keys.
/// </summary>
internal sealed class ShuffleWindow(bool keepDescriptions)
{
    private readonly List<ImportEntry> _entries = [];
    private readonly Dictionary<string, ImportEntry> _byName = new(StringComparer.Ordinal);

    /// <summary>How many repositories of the stream it holds.</summary>
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
