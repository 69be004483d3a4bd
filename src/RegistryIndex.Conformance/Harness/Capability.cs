namespace RegistryIndex.Conformance;

/// <summary>What some cases need of a harness beyond an index that can be created, opened and dropped.</summary>
public enum Capability
{
    /// <summary>The same index can be opened several times, each time as another process would.</summary>
    SeveralProcesses,

    /// <summary>The store can be made to fail: <see cref="ScratchIndex.BreakAsync"/> and <see cref="ScratchIndex.MendAsync"/>.</summary>
    StoreFailures,

    /// <summary>Writes into the store can be told: <see cref="ScratchIndex.CountWritesAsync"/>.</summary>
    WriteCounts,

    /// <summary>Rows of a predecessor can be put into a store that has no index yet: <see cref="ScratchIndex.PlantPredecessorAsync"/>.</summary>
    Predecessor,

    /// <summary>Something that is not the index's can be put beside it: <see cref="ScratchIndex.PlantForeignDataAsync"/> and <see cref="ScratchIndex.FindDamageToForeignDataAsync"/>.</summary>
    ForeignData,

    /// <summary>The store can be given a schema that the provider does not know: <see cref="ScratchIndex.MakeSchemaUnknownAsync"/>.</summary>
    UnknownSchema,

    /// <summary>The store can be made to fail after so many requests, in the middle of a read: <see cref="ScratchIndex.BreakAfterAsync"/> and <see cref="ScratchIndex.MendAsync"/>.</summary>
    PartialFailures,

    /// <summary>The store can be made to answer nothing: <see cref="ScratchIndex.HoldAsync"/> and <see cref="ScratchIndex.MendAsync"/>.</summary>
    SlowStore,

    /// <summary>The settings with which the index is opened hold a secret: <see cref="ScratchIndex.Secret"/>.</summary>
    KnownSecret,

    /// <summary>The store can be made to fail so that only somebody who mends it helps: <see cref="ScratchIndex.BreakForGoodAsync"/> and <see cref="ScratchIndex.MendAsync"/>.</summary>
    LastingFailures,
}
