using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>An operation of a process, and its meaning if no other process is running.</summary>
/// <param name="Text">The text in reports.</param>
/// <param name="RunAsync">Runs the operation with the program's own code.</param>
/// <param name="Meaning">The repository after the operation, and the result.</param>
internal sealed record Operation(
    string Text, Func<RepositoryWriter, Task<string>> RunAsync, Func<Repository?, (Repository? After, string Result)> Meaning)
{
    /// <summary>The repository of all scenarios. Its name has two postings.</summary>
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

    /// <summary>The steps of a search after it has found a posting: it takes the row from the cache, or reads and caches it.</summary>
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

    /// <summary>Runs the operation in place of the writer. Null if the writer runs it.</summary>
    public Func<ProcessStore, Task<string>>? ActAsync { get; init; }

    /// <summary>The operation that must end before this one begins. Null if it may begin at any time.</summary>
    public string? After { get; init; }

    /// <summary>Whether it keeps to the write protocol, so that each posting is right in every state. Only a sweep repairs others.</summary>
    public bool IsOfProtocol { get; init; } = true;

    /// <summary>Whether a build that knows facts runs it.</summary>
    public bool KnowsFacts { get; init; } = true;

    public static string TextOf(Repository? repository) => repository is null ? "no row" : $"{repository.Description ?? "nothing"}{(repository.Facts is null ? "" : $" {TextOf(repository.Facts)}")}";

    public static string TextOf(RepositoryFacts? facts) => facts is null ? "without facts" : $"{facts.Tag}{(facts.PushedAt is { } pushed ? $" of day {(pushed - ModelClock.Start).Days}" : "")}";

    /// <summary>The facts after the push of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="day">The day of the push. Null if unknown.</param>
    public static RepositoryFacts Facts(string tag, int? day) => new() { Tag = tag, PushedAt = day is { } known ? ModelClock.Start + TimeSpan.FromDays(known) : null };

    /// <summary>The action of a sweep on a row with wrong postings.</summary>
    /// <param name="seen">The row that the sweep has read.</param>
    public static Operation Renew(RepositoryRow seen) => new(
        "renew",
        async writer =>
        {
            await writer.RenewAsync(seen);
            return "done";
        },
        before => (before, "done"));

    public static Operation Upsert(string? description, RepositoryFacts? facts = null)
    {
        var repository = new Repository(Name, description, facts);
        return new(
            $"upsert {TextOf(repository)}",
            async writer => $"{await writer.UpsertAsync(Name, stored => repository.WriteOver(stored).Result)}",
            before => (repository.WriteOver(before).Result, $"{repository.WriteOver(before).Outcome}"));
    }
}
