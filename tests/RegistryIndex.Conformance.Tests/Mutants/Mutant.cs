using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>A provider that breaks one promise, as a real author might, and the case that finds it.</summary>
/// <param name="Does">The mistake.</param>
/// <param name="Case">The case that must fail.</param>
/// <param name="Make">Creates it from a correct provider and its store.</param>
internal sealed record Mutant(string Does, string Case, Func<MemoryIndex, MemoryStore, IRegistryIndex> Make)
{
    public Mutant(string does, string @case, Func<MemoryIndex, IRegistryIndex> make)
        : this(does, @case, (index, _) => make(index))
    {
    }

    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. FindingMutants.All, .. RankingMutants.All, .. PagingMutants.All, .. WritingMutants.All, .. ListingMutants.All,
        .. ImportingMutants.All, .. InitializingMutants.All, .. MarkMutants.All, .. FailingMutants.All,
        .. LongTextMutants.All, .. RareTextMutants.All, .. SharingMutants.All, .. StartingMutants.All, .. StoreMutants.All, .. SizeMutants.All, .. StaleMutants.All, .. NarrowMutants.All, .. FactsMutants.All,
    ];
}
