using RegistryIndex.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>One call whose cost is measured.</summary>
/// <param name="What">What it is, as the table calls it.</param>
/// <param name="Run">Makes it.</param>
internal sealed record Call(string What, Func<IRegistryIndex, DynamoDbMaintenance, Task> Run)
{
    private const string Name = "platform/billing-inbox";
    private const string Short = "Receives invoices by mail and files them for the accountants";

    private const string Long =
        "Billing inbox of the platform team: it fetches invoices from several mailboxes, recognizes supplier, amount an" +
        "d due date, files each document beside its booking, asks the responsible accountant where anything is unclear, and hands" +
        " approved payments over to treasury. Metrics under /metrics, traces by OpenTelemetry, configuration by variabl";

    /// <summary>What the same process does before.</summary>
    public Func<IRegistryIndex, Task>? Before { get; init; }

    /// <summary>Whether it sends so many requests that their waves say nothing.</summary>
    public bool IsLong { get; init; }

    /// <summary>With how many repositories it is measured at most.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>First pages: what is searched for.</summary>
    public static IReadOnlyList<(string What, string Query)> Pages { get; } =
    [
        ("a quarter, in names", Corpus.QuarterOfNames), ("a quarter, in descriptions", Corpus.Quarter), ("1 in 100", Corpus.Medium),
        ("rare: one repository has it", Corpus.Single), ("none", "nothing-like-it"), ("one character", "z"),
        ("two words", $"{Corpus.Medium} {Corpus.Quarter}"), ("the same, the rarer one last", $"{Corpus.Quarter} {Corpus.Medium}"),
        ("two common words that never meet", $"{Corpus.QuarterOfNames} {Corpus.Quarter}"), ("every repository", ""),
    ];

    /// <summary>All others.</summary>
    public static IReadOnlyList<Call> Others { get; } =
    [
        new("the first page again, in the same process", (index, _) => index.SearchAsync(new(Corpus.QuarterOfNames))) { Before = index => index.SearchAsync(new(Corpus.QuarterOfNames)) },
        new("one repository by its name", (index, _) => index.GetAsync("nothing/like-it")),
        new("one name, in order", async (index, _) => await index.ListAsync(null, 1, default).CountAsync()),
        new("1,000 names, in order", async (index, _) => await index.ListAsync(null, 1_000, default).CountAsync()),
        new("all repositories, in the order of the table", async (index, _) => await index.ScanAsync().CountAsync()) { IsLong = true },
        new("a new repository, name of 22 and description of 60 characters", (index, _) => index.UpsertAsync(new(Name, Short))),
        new("the same again", (index, _) => index.UpsertAsync(new(Name, Short))),
        new("another description", (index, _) => index.UpsertAsync(new(Name, "Sends reminders where nobody has paid until the end of month"))),
        new("a description of 350 characters instead", (index, _) => index.UpsertAsync(new(Name, Long + "yesterday."))),
        new("its last ten characters changed", (index, _) => index.UpsertAsync(new(Name, Long + "sometimes."))),
        new("its deletion", (index, _) => index.DeleteAsync(Name)),
        new("a sweep with nothing to remove", (_, maintenance) => maintenance.SweepAsync()) { IsLong = true, Most = 10_000 }, // for each page of a scan DynamoDB Local sorts the whole table
        new("a rebuild", (_, maintenance) => maintenance.RebuildAsync()) { IsLong = true, Most = 10_000 },
    ];
}
