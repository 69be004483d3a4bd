using RegistryIndex.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>A call whose cost is measured.</summary>
/// <param name="What">The description in the table.</param>
/// <param name="Run">Makes the call.</param>
internal sealed record Call(string What, Func<IRegistryIndex, DynamoDbMaintenance, Task> Run)
{
    private const string Name = "platform/billing-inbox";
    private const string Short = "Receives invoices by mail and files them for the accountants";

    private const string Long =
        "Billing inbox of the platform team: it fetches invoices from several mailboxes, recognizes supplier, amount an" +
        "d due date, files each document beside its booking, asks the responsible accountant where anything is unclear, and hands" +
        " approved payments over to treasury. Metrics under /metrics, traces by OpenTelemetry, configuration by variabl";

    /// <summary>Runs in the same process before the call.</summary>
    public Func<IRegistryIndex, Task>? Before { get; init; }

    /// <summary>Whether the call sends so many requests that the number of waves means nothing.</summary>
    public bool IsLong { get; init; }

    /// <summary>The largest number of repositories with which it is measured.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The queries of first pages.</summary>
    public static IReadOnlyList<(string What, string Query)> Pages { get; } =
    [
        ("a quarter, in names", Corpus.QuarterOfNames), ("a quarter, in descriptions", Corpus.Quarter), ("1 in 100", Corpus.Medium),
        ("rare: one repository has it", Corpus.Single), ("none", "nothing-like-it"), ("one character", "z"),
        ("two words", $"{Corpus.Medium} {Corpus.Quarter}"), ("the same, the rarer one last", $"{Corpus.Quarter} {Corpus.Medium}"),
        ("two common words that never meet", $"{Corpus.QuarterOfNames} {Corpus.Quarter}"), ("every repository", ""),
    ];

    /// <summary>The calls for which facts matter, in an index in which all repositories have facts.</summary>
    public static IReadOnlyList<Call> WithFacts { get; } =
    [
        new("the newest 25", (index, _) => index.SearchAsync(Newest)),
        new("the newest 25 again, in the same process", (index, _) => index.SearchAsync(Newest)) { Before = index => index.SearchAsync(Newest) },
        new("the first page by name", (index, _) => index.SearchAsync(new(""))),
        new("the first page of a quarter, in names", (index, _) => index.SearchAsync(new(Corpus.QuarterOfNames))),
        new("1,000 names, in order", async (index, _) => await index.ListAsync(null, 1_000, default).CountAsync()),
        new("all repositories, in the order of the table", async (index, _) => await index.ScanAsync().CountAsync()) { IsLong = true },
        new("a push that changes facts alone", (index, _) => index.UpsertAsync(new Corpus().TakePushed(2, laterBySeconds: 1_000_000).Last())),
    ];

    private static SearchRequest Newest => new("", order: SearchOrder.Pushed);

    /// <summary>All other calls.</summary>
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
        new("a sweep with nothing to remove", (_, maintenance) => maintenance.SweepAsync()) { IsLong = true, Most = 10_000 }, // DynamoDB Local sorts the whole table for each page of a scan
        new("a rebuild", (_, maintenance) => maintenance.RebuildAsync()) { IsLong = true, Most = 10_000 },
    ];
}
