using System.Text;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// The documented rules of DynamoDB's on-demand billing. DynamoDB also bills requests that find nothing, which DynamoDB Local does not report. A
/// small request takes twice as long if DynamoDB reports its cost. Secondary indexes that others create on our tables are not counted.
/// </summary>
internal static class BilledUnits
{
    private const double ReadBlock = 4096;
    private const double WriteBlock = 1024;

    /// <summary>
    /// The cost of one item read by key, or of the data that a Query or Scan read: 4 KB a unit, and half a unit for eventually consistent reads.
    /// </summary>
    public static double Read(long bytes, bool consistent) => Math.Max(1, Math.Ceiling(bytes / ReadBlock)) * (consistent ? 1 : 0.5);

    /// <summary>
    /// The cost of one written item, by its size before or after the write, whichever is larger: 1 KB a unit. A failed condition
    /// and a missing item are billed as one item.
    /// </summary>
    public static double Write(long bytes) => Math.Max(1, Math.Ceiling(bytes / WriteBlock));

    /// <summary>The size of a text attribute.</summary>
    public static long SizeOf(string attribute, string text) => Encoding.UTF8.GetByteCount(attribute) + Encoding.UTF8.GetByteCount(text);

    /// <summary>The size of an item: the names and the values of its attributes.</summary>
    public static long SizeOf(Dictionary<string, AttributeValue>? item)
    {
        var size = 0L;
        foreach (var (name, value) in item ?? [])
            size += Encoding.UTF8.GetByteCount(name) + SizeOf(value);
        return size;
    }

    private static long SizeOf(AttributeValue value)
    {
        if (value.S is { } text)
            return Encoding.UTF8.GetByteCount(text);
        if (value.N is { } number)
            return SizeOfNumber(number);
        if (value.B is { } bytes)
            return bytes.Length;
        if (value.SS is { Count: > 0 } texts)
            return texts.Sum(Encoding.UTF8.GetByteCount);
        if (value.NS is { Count: > 0 } numbers)
            return numbers.Sum(SizeOfNumber);
        if (value.BS is { Count: > 0 } blobs)
            return blobs.Sum(blob => blob.Length);
        if (value.IsLSet)
            return 3 + value.L.Sum(element => 1 + SizeOf(element));
        if (value.IsMSet)
            return 3 + value.M.Count + SizeOf(value.M);
        return 1; // BOOL, NULL
    }

    // One byte for each two digits, and one more; a negative number has another one.
    private static long SizeOfNumber(string number)
    {
        var digits = number.Where(char.IsAsciiDigit).ToArray().AsSpan().Trim('0').Length;
        return ((digits + 1) / 2) + (number.StartsWith('-') ? 2 : 1);
    }
}
