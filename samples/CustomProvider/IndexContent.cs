using System.Text.Json.Serialization;

namespace Acme.RegistryIndex.Files;

/// <summary>What the file holds.</summary>
internal sealed class IndexContent
{
    public const int KnownFormat = 1;

    public int Format { get; init; } = KnownFormat;

    public Dictionary<string, string?> Repositories { get; init; } = [];

    public Dictionary<string, string> Marks { get; init; } = [];

    // What is internal is not in the file.
    internal bool Changed { get; set; }

    internal IEnumerable<Repository> All => Repositories.Select(entry => new Repository(entry.Key, entry.Value));

    public UpsertOutcome Put(Repository repository)
    {
        var isThere = Repositories.TryGetValue(repository.Name, out var before);
        if (isThere && before == repository.Description)
            return UpsertOutcome.Unchanged;
        Repositories[repository.Name] = repository.Description;
        Changed = true;
        return isThere ? UpsertOutcome.Updated : UpsertOutcome.Added;
    }

    public ImportResult Put(IEnumerable<Repository> repositories, bool keepDescriptions)
    {
        var outcomes = repositories.Select(repository => keepDescriptions && repository.Description is null && Repositories.ContainsKey(repository.Name)
            ? UpsertOutcome.Unchanged
            : Put(repository)).CountBy(outcome => outcome).ToDictionary();
        return new(outcomes.GetValueOrDefault(UpsertOutcome.Added), outcomes.GetValueOrDefault(UpsertOutcome.Updated), outcomes.GetValueOrDefault(UpsertOutcome.Unchanged), 0);
    }

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
