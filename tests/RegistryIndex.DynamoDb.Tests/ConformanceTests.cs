using RegistryIndex.Conformance;
using RegistryIndex.Conformance.Xunit;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.DynamoDb.Tests.Conformance;

/// <summary>DynamoDB, with tables of its own for each index.</summary>
public sealed class DynamoDbHarness : ConformanceHarness, IAsyncLifetime
{
    private DynamoDbServer? _server;

    public override string Name => "dynamodb";

    public override string? WhyNot(Capability capability) => capability == Capability.KnownSecret
        ? "The index is handed a client here, and never sees its credentials."
        : null;

    public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => new DynamoDbScratchIndex(await TestIndexes.NewAsync());

    public async ValueTask InitializeAsync() => _server = await DynamoDbServer.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Called in the constructor of a test, where the test can still be skipped or made to fail.</summary>
    internal DynamoDbHarness IfThere()
    {
        TestIndexes.Require(_server!);
        return this;
    }
}

public sealed class DynamoDbStoring(DynamoDbHarness harness) : StoringConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbWriting(DynamoDbHarness harness) : WritingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbListing(DynamoDbHarness harness) : ListingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbImporting(DynamoDbHarness harness) : ImportingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbFinding(DynamoDbHarness harness) : FindingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbRanking(DynamoDbHarness harness) : RankingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbPaging(DynamoDbHarness harness) : PagingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbInitializing(DynamoDbHarness harness) : InitializingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbMarks(DynamoDbHarness harness) : MarksConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbSharing(DynamoDbHarness harness) : SharingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbFailing(DynamoDbHarness harness) : FailingConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbFacts(DynamoDbHarness harness) : FactsConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbHistories(DynamoDbHarness harness) : HistoriesConformance<DynamoDbHarness>(harness.IfThere());

public sealed class DynamoDbSize(DynamoDbHarness harness) : SizeConformance<DynamoDbHarness>(harness.IfThere())
{
    protected override ConformanceOptions Options { get; } = SlowTests.Options;
}

public sealed class DynamoDbEveryCase : EveryCase<DynamoDbHarness>;
