namespace RegistryIndex.Conformance.Running;

/// <summary>The case tests an optional feature that the provider does not have.</summary>
internal sealed class NotApplicableException(string reason) : Exception(reason);
