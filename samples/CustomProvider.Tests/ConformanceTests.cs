using RegistryIndex.Conformance;
using RegistryIndex.Conformance.Xunit;

namespace Acme.RegistryIndex.Files.Tests;

public sealed class Storing(FilesHarness harness) : StoringConformance<FilesHarness>(harness);

public sealed class Writing(FilesHarness harness) : WritingConformance<FilesHarness>(harness);

public sealed class Listing(FilesHarness harness) : ListingConformance<FilesHarness>(harness);

public sealed class Importing(FilesHarness harness) : ImportingConformance<FilesHarness>(harness);

public sealed class Finding(FilesHarness harness) : FindingConformance<FilesHarness>(harness);

public sealed class Ranking(FilesHarness harness) : RankingConformance<FilesHarness>(harness);

public sealed class Paging(FilesHarness harness) : PagingConformance<FilesHarness>(harness);

public sealed class Initializing(FilesHarness harness) : InitializingConformance<FilesHarness>(harness);

public sealed class Marks(FilesHarness harness) : MarksConformance<FilesHarness>(harness);

public sealed class Sharing(FilesHarness harness) : SharingConformance<FilesHarness>(harness);

public sealed class Failing(FilesHarness harness) : FailingConformance<FilesHarness>(harness);

public sealed class Facts(FilesHarness harness) : FactsConformance<FilesHarness>(harness);

public sealed class Histories(FilesHarness harness) : HistoriesConformance<FilesHarness>(harness);

public sealed class Size(FilesHarness harness) : SizeConformance<FilesHarness>(harness)
{
    // These cases take a minute or two, because each call reads the whole file. They run every night.
    protected override ConformanceOptions Options { get; } = new() { Quick = Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_SLOW") is null };
}

public sealed class NothingIsLeftOut : EveryCase<FilesHarness>;
