namespace RegistryIndex.Conformance.Running;

/// <summary>The harness failed, not the provider.</summary>
internal sealed class HarnessException(string what, Exception inner)
    : Exception($"The harness could not {what}: {inner.GetType().Name}: {inner.Message}", inner);
