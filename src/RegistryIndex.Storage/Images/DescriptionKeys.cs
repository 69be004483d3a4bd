using System.Text.Json;

namespace RegistryIndex.Storage.Images;

/// <summary>Under which names images keep their description, the first that says something counts.</summary>
internal sealed class DescriptionKeys(IReadOnlyList<string> keys)
{
    public static readonly IReadOnlyList<string> Default =
        ["org.opencontainers.image.description", "org.label-schema.description", "io.k8s.description", "description", "summary"];

    /// <summary>The description in an object of annotations or labels, ready to be stored; null when there is none.</summary>
    public string? Find(JsonElement? texts)
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
