using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.References;

namespace RegistryIndex.Server.Http;

/// <summary>
/// References and pull commands as people type or paste them into a search. The index knows names only: a tag, a digest, the
/// address of the registry and what belongs to a client are left out.
/// </summary>
internal sealed class TypedReferences(IOptions<PublicUrlOptions> options)
{
    private static readonly FrozenSet<string> Clients =
        FrozenSet.Create("docker", "podman", "nerdctl", "crictl", "ctr", "buildah", "skopeo", "helm", "oras", "from", "image:");

    private static readonly FrozenSet<string> Verbs = FrozenSet.Create("image", "images", "pull", "push", "run", "search", "inspect");
    private static readonly FrozenSet<string> DockerHub = FrozenSet.Create("docker.io", "index.docker.io", "registry-1.docker.io");

    private readonly Uri? _publicUrl = options.Value.Address;

    /// <summary>What to search for instead of the text, where that finds nothing.</summary>
    /// <returns>Names with spaces between them, or null where the text has nothing to leave out.</returns>
    public string? NamesIn(string? text)
    {
        var words = Folding.Fold(text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var names = WithoutCommand(words).Select(NameIn).Where(name => name.Length > 0).ToList();
        return names.Count == 0 || names.SequenceEqual(words) ? null : string.Join(' ', names);
    }

    private static IEnumerable<string> WithoutCommand(string[] words) => words.Length > 1 && Clients.Contains(words[0])
        ? words.Skip(1).Where(word => !word.StartsWith('-')).SkipWhile(Verbs.Contains)
        : words;

    private string NameIn(string word)
    {
        var name = WithoutAddress(word.Trim('"', '\'', '`')).TrimEnd('/');
        return WithoutPrefix(ImageReference.WithoutTag(name), "library/");
    }

    private string WithoutAddress(string word)
    {
        var rest = ImageReference.WithoutScheme(word);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 && rest.Length == word.Length)
            return rest; // a host alone is a word like any other
        var (host, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (!Uri.TryCreate($"http://{host}", UriKind.Absolute, out var address))
            return rest;
        if (_publicUrl is not null && address.IdnHost == _publicUrl.IdnHost)
            return WithoutPrefix(path, _publicUrl.AbsolutePath.Trim('/').ToLowerInvariant() + "/");
        return DockerHub.Contains(address.Host) ? path : rest;
    }

    private static string WithoutPrefix(string text, string prefix) =>
        text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
}
