using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using RegistryIndex.Registry.Answers;
using RegistryIndex.Registry.Requests;
using RegistryIndex.Storage;
using RegistryIndex.Storage.Images;
using RegistryIndex.Storage.Layouts;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Registry;

/// <summary>
/// Reads a registry through its HTTP API (OCI distribution-spec): the catalog, the tags of a repository, and the
/// description of the tag that speaks for it. A look-up is three requests: tags, manifest, config.
/// </summary>
public sealed class RegistryClient : IRegistrySource, IDisposable
{
    private const int CatalogPage = 1000; // distribution's catalog.maxentries unless told otherwise; above it answers 400
    private const int MaxPage = 32 << 20; // distribution 2.8 lists all tags of a repository at once
    private const string CatalogScope = "registry:catalog:*";
    private const int MaxPages = 1_000_000;
    private const int AtATime = 8;
    private const int MostFailuresInARow = 2 * AtATime;

    private readonly RegistryHttp _http;

    internal RegistryClient(RegistryOptions options, TimeProvider time) => _http = new(options, time);

    /// <inheritdoc/>
    public string Location => _http.Location;

    /// <inheritdoc/>
    /// <remarks>
    /// Reads eight repositories at a time, and pages of the catalog as they are needed. One whose look-up fails is yielded as
    /// not <see cref="StoredRepository.IsCertain"/>; when one after the other fails, it is the registry, and the enumeration ends.
    /// </remarks>
    public async IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var failures = 0;
        await foreach (var (repository, error) in ListAsync(after, cancellationToken).SelectInOrderAsync(AtATime, ReadListedAsync, cancellationToken))
        {
            failures = error is null ? 0 : failures + 1;
            if (failures == MostFailuresInARow)
                throw error!;
            if (repository is not null)
                yield return repository;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        if (RepositoryName.FindProblem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
        Answer? failed = null;
        while (true)
        {
            if (await FindTagAsync(name, cancellationToken) is not { } tag)
                return null;

            // While we ask, the tag may have been moved or deleted. So a problem is only believed of a tag that is still there.
            if (failed is { } before && before.Tag == tag)
                return new(new(name), name, before.Problem);
            try
            {
                return new(new(name, await DescribeAsync(name, tag, cancellationToken)), name, Problem: null);
            }
            catch (UnreadableImageException error)
            {
                failed = new(tag, $"The description of tag '{RepositoryName.Shown(tag)}' cannot be read: {error.Message}.");
            }
        }
    }

    /// <summary>
    /// Whether the catalog has any name, with tags or without. A registry whose storage is away still answers, and then it knows no
    /// repository: that it does not know one says something only where it knows another.
    /// </summary>
    /// <exception cref="RegistrySourceException">It cannot be told at the moment.</exception>
    public async Task<bool> ListsAnyAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(_http.Resolve("v2/_catalog", new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = "1" }), CatalogScope, cancellationToken);
        var page = await _http.ReadJsonAsync(response, AnswersJson.Default.CatalogPage, MaxPage, cancellationToken);
        return page.Repositories is { Length: > 0 };
    }

    /// <summary>Asks for the first name of the catalog: whether the registry is there, and lets us read it.</summary>
    /// <exception cref="RegistrySourceException">It is not, or does not.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(_http.Resolve("v2/_catalog", new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = "1" }), CatalogScope, cancellationToken);
        await _http.ReadJsonAsync(response, AnswersJson.Default.CatalogPage, MaxPage, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(StoredRepository? Repository, RegistrySourceException? Error)> ReadListedAsync(string name, CancellationToken cancellationToken)
    {
        if (RepositoryName.FindProblem(name) is not null) // it cannot be asked for; whoever stores it refuses it with the reason
            return (new(new(name), name, Problem: null), null);
        try
        {
            return (await FindAsync(name, cancellationToken), null);
        }
        catch (RegistrySourceException error)
        {
            return (new(new(name), name, error.Message) { IsCertain = false }, error);
        }
    }

    private async IAsyncEnumerable<string> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = $"{CatalogPage}" };
        if (after is not null)
            start["last"] = after;
        Uri? next = _http.Resolve("v2/_catalog", start);
        (Uri? landmark, var pages) = (null, 0);
        while (next is not null)
        {
            using var response = await _http.GetAsync(next, CatalogScope, cancellationToken);
            if (response.StatusCode == HttpStatusCode.BadRequest && pages == 0 && start.Remove("n"))
            {
                next = _http.Resolve("v2/_catalog", start); // it allows fewer at once, and knows best how many
                continue;
            }

            var page = await _http.ReadJsonAsync(response, AnswersJson.Default.CatalogPage, MaxPage, cancellationToken);
            foreach (var name in page.Repositories ?? throw _http.Strange(response, "a catalog without repositories"))
                yield return name;
            next = _http.NextPage(response);

            // Brent: a circle of pages, whatever its length, comes by a landmark that is moved on at powers of two.
            if (next is not null && (next == landmark || ++pages > MaxPages))
                throw _http.Strange(response, "a catalog whose pages lead in a circle");
            if ((pages & (pages - 1)) == 0)
                landmark = next;
        }
    }

    /// <summary>The tag that speaks for the repository; null when the registry says that there is none.</summary>
    private async Task<string?> FindTagAsync(string name, CancellationToken cancellationToken)
    {
        string? best = null;
        Uri? next = _http.Resolve($"v2/{name}/tags/list");
        for (var pages = 0; next is not null; pages++)
        {
            using var response = await _http.GetAsync(next, $"repository:{name}:pull", cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return await _http.SaysAsync(response, "NAME_UNKNOWN", cancellationToken) ? null : throw _http.Unexpected(response);
            var page = await _http.ReadJsonAsync(response, AnswersJson.Default.TagPage, MaxPage, cancellationToken);
            if (page.Name is null) // whatever answered: it was not a list of tags
                throw _http.Strange(response, "a list of tags without the repository's name");
            foreach (var tag in page.Tags ?? [])
                best = SpeakingTag.Better(best, tag);
            next = best == SpeakingTag.Latest ? null : _http.NextPage(response);
            if (pages > MaxPages)
                throw _http.Strange(response, "a list of tags without end");
        }

        return best;
    }

    private async Task<string?> DescribeAsync(string name, string tag, CancellationToken cancellationToken)
    {
        if (await ReadAsync(name, "manifests", tag, ImageDescription.MaxManifest, cancellationToken) is not { } manifest)
            throw new UnreadableImageException("the registry has no manifest of it");
        if (manifest.Content is not { } content)
            throw new UnreadableImageException($"its manifest is larger than {ImageDescription.MaxManifest >> 20} MiB");
        var digest = Digest.TryParse($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}")!.Value;
        return await new ImageDescription((part, wanted, limit, token) => wanted == digest
            ? Task.FromResult<TreeFile?>(manifest)
            : ReadAsync(name, part == ImagePart.Manifest ? "manifests" : "blobs", wanted.ToString(), limit, token)).ReadAsync(digest, cancellationToken);
    }

    private async Task<TreeFile?> ReadAsync(string name, string kind, string reference, int limit, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(_http.Resolve($"v2/{name}/{kind}/{Uri.EscapeDataString(reference)}"), $"repository:{name}:pull", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return await _http.SaysAsync(response, "_UNKNOWN", cancellationToken) ? null : throw _http.Unexpected(response);
        }

        return new(await _http.ReadAsync(response, limit, cancellationToken), default);
    }

    private readonly record struct Answer(string Tag, string Problem);
}
