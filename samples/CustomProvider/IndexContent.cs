using System.Text.Json.Serialization;

namespace Acme.RegistryIndex.Files;

/// <summary>The content of the file.</summary>
internal sealed class IndexContent
{
    public const int KnownFormat = 1;

    public int Format { get; init; } = KnownFormat;

    public Dictionary<string, string?> Repositories { get; init; } = [];

    public Dictionary<string, string> Marks { get; init; } = [];

    // Internal members are not serialized.
    internal bool Changed { get; set; }

    internal IEnumerable<Repository> All => Repositories.Select(entry => new Repository(entry.Key, entry.Value));

    public UpsertOutcome Put(Repository repository, bool keepDescriptions = false)
    {
        var stored = Repositories.TryGetValue(repository.Name, out var description) ? new Repository(repository.Name, description) : null;
        var write = repository.KeptBy(IndexCapabilities.None).WriteOver(stored, keepDescriptions);
        if (write.Outcome != UpsertOutcome.Unchanged)
        {
            Repositories[repository.Name] = write.Result.Description;
            Changed = true;
        }

        return write.Outcome;
    }

    public ImportResult Put(IEnumerable<Repository> repositories, bool keepDescriptions) =>
        repositories.Aggregate(ImportResult.None, (result, repository) => result + ImportResult.Of(Put(repository, keepDescriptions)));

    public bool ReplaceMark(string name, string? expected, string? replacement)
    {
        IndexMark.ThrowIfRefused(name, expected, replacement);
        if (Marks.GetValueOrDefault(name) != expected)
            return false;
        Changed |= replacement is null ? Marks.Remove(name) : expected != replacement;
        if (replacement is not null)
            Marks[name] = replacement;
        return true;
    }
}

[JsonSerializable(typeof(IndexContent))]
internal sealed partial class IndexJson : JsonSerializerContext;
