using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>The cases about random histories, compared with the reference index.</summary>
/// <inheritdoc cref="ConformanceTests{THarness}"/>
public abstract class HistoriesConformance<THarness>(THarness harness) : ConformanceTests<THarness>(harness)
    where THarness : ConformanceHarness
{
    [Fact]
    public virtual Task Random_histories_go_as_in_the_reference() => RunAsync();

    [Fact]
    public virtual Task Random_histories_of_facts_go_as_in_the_reference() => RunAsync();

    [Fact]
    public virtual Task Random_queries_find_as_in_the_reference() => RunAsync();

    [Fact]
    public virtual Task Random_writers_agree_at_rest() => RunAsync();
}
