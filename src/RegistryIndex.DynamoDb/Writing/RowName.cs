using System.Text;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>Decides what can be a key of the repository table. A predecessor's rows may break the grammar of names.</summary>
internal static class RowName
{
    private const int MaxBytes = 2048;

    public static bool IsPossible(string name) => name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MaxBytes && IsWellFormed(name);

    // In a request, an unpaired surrogate would become another character, and so make another name.
    private static bool IsWellFormed(string name)
    {
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[consumed..];
        }

        return true;
    }
}
