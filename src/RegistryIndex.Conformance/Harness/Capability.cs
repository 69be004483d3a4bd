namespace RegistryIndex.Conformance;

/// <summary>What some cases need from a harness, beyond an index that can be created, opened and dropped.</summary>
public enum Capability
{
    /// <summary>The harness can open the same index several times, each time as another process would.</summary>
    SeveralProcesses,

    /// <summary>The harness can make the store fail: <see cref="ScratchIndex.BreakAsync"/> and <see cref="ScratchIndex.MendAsync"/>.</summary>
    StoreFailures,

    /// <summary>The harness can count the writes to the store: <see cref="ScratchIndex.CountWritesAsync"/>.</summary>
    WriteCounts,

    /// <summary>
    /// The harness can put a predecessor's rows into a store that has no index yet: <see cref="ScratchIndex.PlantPredecessorAsync"/>.
    /// </summary>
    Predecessor,

    /// <summary>
    /// The harness can put data of others beside the index: <see cref="ScratchIndex.PlantForeignDataAsync"/> and
    /// <see cref="ScratchIndex.FindDamageToForeignDataAsync"/>.
    /// </summary>
    ForeignData,

    /// <summary>The harness can give the store a schema unknown to the provider: <see cref="ScratchIndex.MakeSchemaUnknownAsync"/>.</summary>
    UnknownSchema,

    /// <summary>
    /// The harness can make the store fail after a number of requests, in the middle of a read: <see cref="ScratchIndex.BreakAfterAsync"/> and
    /// <see cref="ScratchIndex.MendAsync"/>.
    /// </summary>
    PartialFailures,

    /// <summary>The harness can make the store not respond: <see cref="ScratchIndex.HoldAsync"/> and <see cref="ScratchIndex.MendAsync"/>.</summary>
    SlowStore,

    /// <summary>The settings of the index contain a secret that the harness knows: <see cref="ScratchIndex.Secret"/>.</summary>
    KnownSecret,

    /// <summary>
    /// The harness can make the store fail until an operator repairs it: <see cref="ScratchIndex.BreakForGoodAsync"/> and
    /// <see cref="ScratchIndex.MendAsync"/>.
    /// </summary>
    LastingFailures,
}
