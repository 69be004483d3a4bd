using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>Something that a process is asked to do, and what that means where nobody else is about.</summary>
/// <param name="Text">How a report shows it.</param>
/// <param name="RunAsync">Does it with the program's own code.</param>
/// <param name="Meaning">What it makes of the repository, and what it returns.</param>
internal sealed record Operation(
    string Text, Func<RepositoryWriter, Task<string>> RunAsync, Func<Repository?, (Repository? After, string Result)> Meaning)
{
    /// <summary>The repository of all scenarios; its name has two postings.</summary>
    public const string Name = "r";

    public static Operation Delete { get; } = new(
        "delete",
        async writer => $"{await writer.DeleteAsync(Name)}",
        before => (null, $"{before is not null}"));

    public static Operation Adopt { get; } = new(
        "adopt",
        async writer =>
        {
            await writer.AdoptAsync(Name);
            return "done";
        },
        before => (before, "done"));

    /// <summary>What a search does, once it has found a posting: it takes the row from memory, or reads and remembers it.</summary>
    public static Operation Find { get; } = new("find", _ => throw new NotSupportedException("It reads."), before => (before, TextOf(before)))
    {
        ActAsync = async store =>
        {
            await store.BeginAsync();
            if (store.Memory.Find([Name]).GetValueOrDefault(Name) is { } known)
                return TextOf(known);
            var since = store.Memory.Now;
            var row = await store.ReadSlowlyAsync();
            if (row is not null)
                store.Memory.Remember([row.Repository], since);
            return TextOf(row?.Repository);
        },
    };

    /// <summary>Does it where the writer does not; null where it does.</summary>
    public Func<ProcessStore, Task<string>>? ActAsync { get; init; }

    /// <summary>What must have ended before it begins; null where it may begin at any time.</summary>
    public string? After { get; init; }

    /// <summary>Whether it keeps to the write protocol, so that each posting is right in every state; what does not is only repaired by a sweep.</summary>
    public bool IsOfProtocol { get; init; } = true;

    private static string TextOf(Repository? repository) => repository is null ? "no row" : repository.Description ?? "nothing";

    /// <summary>What a sweep does to a row whose postings are not what it calls for.</summary>
    /// <param name="seen">The row as the sweep saw it.</param>
    public static Operation Renew(RepositoryRow seen) => new(
        "renew",
        async writer =>
        {
            await writer.RenewAsync(seen);
            return "done";
        },
        before => (before, "done"));

    public static Operation Upsert(string? description) => new(
        $"upsert {description ?? "nothing"}",
        async writer => $"{await writer.UpsertAsync(Name, _ => description)}",
        before => (new(Name, description), $"{OutcomeOf(before, description)}"));

    private static UpsertOutcome OutcomeOf(Repository? before, string? description) =>
        before is null ? UpsertOutcome.Added : before.Description == description ? UpsertOutcome.Unchanged : UpsertOutcome.Updated;
}
