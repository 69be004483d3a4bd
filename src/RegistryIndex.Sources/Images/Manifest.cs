namespace RegistryIndex.Sources.Images;

/// <summary>A manifest, or an index of them, as it was read.</summary>
/// <param name="Digest">Its address.</param>
/// <param name="Content">What it says.</param>
public sealed record Manifest(Digest Digest, ReadOnlyMemory<byte> Content);
