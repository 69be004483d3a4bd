namespace RegistryIndex.Sources.Images;

/// <summary>A manifest, or an index of manifests, as it was read.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Content">Its content.</param>
public sealed record Manifest(Digest Digest, ReadOnlyMemory<byte> Content);
