using System.Buffers;

namespace RegistryIndex.Server.References;

/// <summary>Builds the commands with which clients pull a repository.</summary>
internal static class PullCommands
{
    // A tag may be any word of a registry's answer, and people paste commands into a shell.
    private static readonly SearchValues<char> TagCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // What the terminal leaves out.
    private static readonly string[] Further = ["nerdctl", "skopeo", "Kubernetes"];

    /// <param name="registry">The registry's address for its users; a path is a prefix of every name.</param>
    /// <param name="repository">The repository.</param>
    /// <returns>One command a line; none when no tag is known.</returns>
    public static IReadOnlyList<string> Of(Uri registry, Repository repository) =>
        [.. Every(registry, repository).Where(command => !Further.Contains(command.Client)).Select(command => command.Text)];

    /// <summary>Builds the commands of all clients, each when it is asked for.</summary>
    public static IEnumerable<PullCommand> Every(Uri registry, Repository repository)
    {
        if (repository.Facts is not { Tag: { } tag } facts || tag.AsSpan().ContainsAnyExcept(TagCharacters) || RepositoryName.FindProblem(repository.Name) is not null)
            yield break;
        var name = $"{registry.Authority}{registry.AbsolutePath.TrimEnd('/')}/{repository.Name}";
        var image = $"{name}:{tag}";
        switch (facts.Kind)
        {
            case ArtifactKind.Image:
                yield return new("docker", $"docker pull {image}");
                yield return new("podman", $"podman pull {image}");
                yield return new("nerdctl", $"nerdctl pull {image}");
                yield return new("skopeo", $"skopeo copy docker://{image} oci:{repository.Name[(repository.Name.LastIndexOf('/') + 1)..]}:{tag}");
                if (IsDigest(facts.Digest))
                    yield return new("Kubernetes", $"image: {name}@{facts.Digest}");
                break;
            case ArtifactKind.Chart:
                yield return new("helm", $"helm pull oci://{name} --version {tag.Replace('_', '+')}"); // helm writes the + of a version as _
                break;
            case ArtifactKind.Plugin:
                yield return new("docker", $"docker plugin install {image}");
                break;
            case ArtifactKind.Model:
                yield return new("docker", $"docker model pull {image}");
                break;
            default:
                yield return new("oras", $"oras pull {image}");
                break;
        }
    }

    private static bool IsDigest(string? digest) => digest?.Split(':') is [{ Length: > 0 } algorithm, { Length: >= 32 } hash]
        && !algorithm.AsSpan().ContainsAnyExcept(TagCharacters) && hash.All(char.IsAsciiHexDigitLower);
}

/// <summary>A line with which a client pulls a repository.</summary>
/// <param name="Client">The name of the client.</param>
/// <param name="Text">The line.</param>
public sealed record PullCommand(string Client, string Text);
