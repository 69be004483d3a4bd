using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// The postings that the rows require, as two 64-bit numbers each for the postings of a name, of a description and of facts. The numbers
/// are enough to tell which postings belong to no row, and which rows do not have exactly the postings that they require. Reading a row for
/// each posting would cost sixty times as much.
/// </summary>
internal sealed class ExpectedPostings
{
    // One tier for each nonce of a row.
    private static readonly int[] Kinds = [0, 3, PostingKey.PushTier];

    // Each posting that is found is removed from what is expected, by exclusive or, so that the order does not matter.
    private readonly Dictionary<ulong, ulong> _left = [];

    public void Expect(RepositoryRow row)
    {
        foreach (var (nonce, kind) in NoncesOf(row))
            _left[Group(row.Name, nonce, kind)] = 0;
        foreach (var posting in row.Postings)
            _left[GroupOf(posting)] ^= Digest(posting);
    }

    /// <summary>Whether a posting belongs to a row.</summary>
    public bool Has(Posting posting) => _left.ContainsKey(GroupOf(posting));

    /// <summary>Counts a posting that exists.</summary>
    public void Meet(Posting posting)
    {
        var group = GroupOf(posting);
        if (_left.TryGetValue(group, out var left))
            _left[group] = left ^ Digest(posting);
    }

    /// <summary>Whether an expected row does not have exactly the postings that it requires; false for a row that has been written since.</summary>
    /// <param name="row">The row.</param>
    /// <param name="limit">
    /// Rows written after this time, by the store's clock, may have postings that were not read. A nonce without a time counts as older.
    /// </param>
    public bool IsWrong(RepositoryRow row, DateTimeOffset limit) =>
        NoncesOf(row).Any(one => !(Nonce.TimeOf(one.Nonce) >= limit) && _left.GetValueOrDefault(Group(row.Name, one.Nonce, one.Kind)) != 0);

    /// <summary>Whether such a row may exist.</summary>
    public bool IsAnyWrong => _left.Values.Any(left => left != 0);

    private static IEnumerable<(string Nonce, int Kind)> NoncesOf(RepositoryRow row)
    {
        foreach (var kind in Kinds)
        {
            if (row.NonceOf(kind) is { } nonce)
                yield return (nonce, kind);
        }
    }

    private static ulong GroupOf(Posting posting) => Group(posting.Name, posting.Nonce, Kinds.Contains(posting.Tier) ? posting.Tier : 0);

    private static ulong Group(string name, string nonce, int kind) => Digest(string.Create(CultureInfo.InvariantCulture, $"{nonce} {kind} {name}"));

    private static ulong Digest(Posting posting) => Digest(string.Create(
        CultureInfo.InvariantCulture, $"{posting.Partition}\n{PostingKey.Sort(posting.Rank, posting.Nonce)}\n{posting.AlsoBefore}"));

    private static ulong Digest(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
