using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RegistryIndex.Synchronization.Syncing;

/// <summary>
/// Remembers which names a registry has listed, in any order (registries differ, and an index has its own order), at some 20 bytes a name:
/// only a hash of each name is kept. Two names with the same hash, about one in 10^8 re-syncs of a million names, would leave a removed
/// repository in the index until the next re-sync, which uses other hashes. A collision never deletes anything.
/// </summary>
internal sealed class SeenNames
{
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(16);
    private readonly HashSet<ulong> _hashes = [];

    public int Count => _hashes.Count;

    public void Add(string name) => _hashes.Add(Hash(name));

    public bool Contains(string name) => _hashes.Contains(Hash(name));

    private ulong Hash(string name)
    {
        Span<byte> text = stackalloc byte[_seed.Length + Encoding.UTF8.GetMaxByteCount(Math.Min(name.Length, 1024))];
        _seed.CopyTo(text);
        var length = _seed.Length + Encoding.UTF8.GetBytes(name.AsSpan(0, Math.Min(name.Length, 1024)), text[_seed.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
