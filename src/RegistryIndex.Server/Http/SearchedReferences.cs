using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.References;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Handles references and pull commands that users type or paste into a search. The index has names only: a tag, a digest, the address of
/// the registry and the words of a client's command are removed.
/// </summary>
internal sealed class SearchedReferences(IOptions<PublicUrlOptions> options)
{
    private static readonly FrozenSet<string> Clients =
        FrozenSet.Create("docker", "podman", "nerdctl", "crictl", "ctr", "buildah", "skopeo", "helm", "oras", "from", "image:");

    private static readonly FrozenSet<string> Verbs = FrozenSet.Create("image", "images", "pull", "push", "run", "search", "inspect");
    private static readonly FrozenSet<string> DockerHub = FrozenSet.Create("docker.io", "index.docker.io", "registry-1.docker.io");

    private readonly Uri? _publicUrl = options.Value.Address;

    /// <summary>Returns what to search for when a search for the text itself finds nothing.</summary>
    /// <returns>Names with spaces between them, or null when nothing can be removed from the text.</returns>
    public string? NamesIn(string? text)
    {
        var words = Folding.Fold(text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var names = WithoutCommand(words).Select(NameIn).Where(name => name.Length > 0).ToList();
        return names.Count == 0 || names.SequenceEqual(words) ? null : string.Join(' ', names);
    }

    /// <summary>Returns the names of the repository that the text refers to, the likelier first; none when it is no reference to one.</summary>
    public IEnumerable<string> ReferredIn(string? text) => NamesIn(text) is { } name && !name.Contains(' ', StringComparison.Ordinal)
        ? _publicUrl is null ? [name, ImageReference.NameIn(name)] : [name] // without registry_public_url, any host may be the registry's
        : [];

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
            return rest; // a host alone is an ordinary word
        var (host, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (!Uri.TryCreate($"http://{host}", UriKind.Absolute, out var address))
            return rest;
        if (_publicUrl is not null && DnsHost.Of(address) == _publicUrl.IdnHost)
            return WithoutPrefix(path, _publicUrl.AbsolutePath.Trim('/').ToLowerInvariant() + "/");
        return DockerHub.Contains(address.Host) ? path : rest;
    }

    private static string WithoutPrefix(string text, string prefix) =>
        text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
}
