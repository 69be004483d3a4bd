using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>The names of annotations and labels under which images keep their description; the first that says something counts. Immutable.</summary>
/// <param name="keys">The names, in the order in which they count.</param>
public sealed class DescriptionKeys(IReadOnlyList<string> keys)
{
    /// <summary>The names where nobody has set others: OCI's, and those that came before it.</summary>
    public static IReadOnlyList<string> Default { get; } =
        ["org.opencontainers.image.description", "org.label-schema.description", "io.k8s.description", "description", "summary"];

    /// <summary>The description in an object of annotations or labels, ready to be stored; null when there is none.</summary>
    internal string? Find(JsonElement? texts)
    {
        if (texts is not { } named)
            return null;
        foreach (var key in keys)
        {
            if (RepositoryDescription.FromIngest(named.Find(key).AsText()) is { } description)
                return description;
        }

        return null;
    }
}
