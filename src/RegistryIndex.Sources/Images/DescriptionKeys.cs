using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>The names of the annotations and labels that hold an image's description; the first with a text counts. Immutable.</summary>
/// <param name="keys">The names, in order of preference.</param>
public sealed class DescriptionKeys(IReadOnlyList<string> keys)
{
    /// <summary>The default names: OCI's, and those that were in use before them.</summary>
    public static IReadOnlyList<string> Default { get; } =
        ["org.opencontainers.image.description", "org.label-schema.description", "io.k8s.description", "description", "summary"];

    /// <summary>Finds the description in an object of annotations or labels, ready to be stored; null when there is none.</summary>
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
