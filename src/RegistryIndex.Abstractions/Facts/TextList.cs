using System.Collections.ObjectModel;

namespace RegistryIndex;

/// <summary>A copy of a list of texts that compares by its items. An empty list equals no list.</summary>
internal readonly struct TextList(IEnumerable<string>? texts) : IEquatable<TextList>
{
    public ReadOnlyCollection<string>? Texts { get; } = texts?.ToArray() is { Length: > 0 } copy ? Array.AsReadOnly(copy) : null;

    public bool Equals(TextList other) => (Texts ?? []).SequenceEqual(other.Texts ?? [], StringComparer.Ordinal);

    public override bool Equals(object? obj) => obj is TextList other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var text in Texts ?? [])
            hash.Add(text, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
