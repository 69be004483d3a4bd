using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// What the rows call for, in two numbers of 64 bits for the postings of a name and two for those of a description: enough to tell which
/// postings no row speaks for, and which rows have not just the postings that they call for. Reading a row for each posting would cost
/// sixty times as much.
/// </summary>
internal sealed class ExpectedPostings
{
    // What is met is taken out of what is expected: each by exclusive or, so that the order does not matter.
    private readonly Dictionary<ulong, ulong> _left = [];

    public void Expect(RepositoryRow row)
    {
        foreach (var (nonce, ofDescription) in NoncesOf(row))
            _left[Group(row.Name, nonce, ofDescription)] = 0;
        foreach (var posting in row.Postings)
            _left[GroupOf(posting)] ^= Digest(posting);
    }

    /// <summary>Whether a row speaks for a posting.</summary>
    public bool Has(Posting posting) => _left.ContainsKey(GroupOf(posting));

    /// <summary>Takes note of a posting that is there.</summary>
    public void Meet(Posting posting)
    {
        var group = GroupOf(posting);
        if (_left.TryGetValue(group, out var left))
            _left[group] = left ^ Digest(posting);
    }

    /// <summary>Whether a row that was expected has other postings than it calls for; false of one that has been written since.</summary>
    public bool IsWrong(RepositoryRow row) => NoncesOf(row).Any(one => _left.GetValueOrDefault(Group(row.Name, one.Nonce, one.OfDescription)) != 0);

    /// <summary>Whether there may be such a row.</summary>
    public bool IsAnyWrong => _left.Values.Any(left => left != 0);

    private static IEnumerable<(string Nonce, bool OfDescription)> NoncesOf(RepositoryRow row)
    {
        if (row.NameNonce is { } ofName)
            yield return (ofName, false);
        if (row.Nonce is { } ofDescription)
            yield return (ofDescription, true);
    }

    private static ulong GroupOf(Posting posting) => Group(posting.Name, posting.Nonce, posting.Tier == 3);

    private static ulong Group(string name, string nonce, bool ofDescription) => Digest($"{nonce} {ofDescription} {name}");

    private static ulong Digest(Posting posting) => Digest(string.Create(
        CultureInfo.InvariantCulture, $"{PostingKey.Partition(posting.Tier, posting.Text)}\n{PostingKey.Sort(posting.Rank, posting.Nonce)}\n{posting.AlsoBefore}"));

    private static ulong Digest(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
