using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RegistryIndex.Registry.Answers;
using RegistryIndex.Registry.Caching;
using RegistryIndex.Registry.Requests;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;

namespace RegistryIndex.Registry;

/// <summary>
/// Reads a registry through its HTTP API (OCI distribution-spec): the catalog, the tags of a repository, and the description and facts of
/// its preferred tag. A look-up takes three requests, for tags, manifest and config. A fourth is for the image of an index of images, or for
/// the index of attachments, which shows whether an image is signed; where it would be the fifth, the next look-up reads it. Where the image
/// of the preferred tag has no description, those of up to three other tags are read too. While the tags point at the same images, a further
/// look-up takes one request for the tags and one for each image, which do not count as pulls, also in a new process when the index knows the
/// images. From a pull-through cache, only the catalog is read unless an event reported a pull.
/// </summary>
public sealed class RegistryClient : IRegistryApi, IDisposable
{
    /// <summary>
    /// The header with which an index says, below <c>/v2/</c>, that it is not a registry. It answers clients there almost as a registry
    /// does, but it knows no tags, so all repositories would seem to be gone.
    /// </summary>
    public const string IndexHeader = "Registry-Index";

    private const int CatalogPage = 1000; // the default of distribution's catalog.maxentries; it answers 400 to more
    private const string CatalogScope = "registry:catalog:*";
    private const int AtATime = 8;
    private const long MemoryOfImages = 32 << 20; // of some 15,000 repositories; not needed where the index stores facts
    private const int MaxGreeting = 64 << 10;

    private readonly RegistryHttp _http;
    private readonly RepositoryReader _reader;
    private readonly SourceHealth _health;
    private readonly PulledImages? _pulled;

    internal RegistryClient(RegistryOptions options, DescriptionKeys keys, TimeProvider time, ILogger logger)
    {
        (_http, _reader) = (new(options, time, logger), new(keys, MemoryOfImages));
        _health = new(LookUpAsync, ProbeAsync);
        _pulled = options.IsCache ? new() : null;
        IsConfigured = options.IsConfigured;
    }

    /// <inheritdoc/>
    public string Location => _http.Location;

    /// <inheritdoc/>
    public bool IsConfigured { get; }

    /// <inheritdoc/>
    public bool IsCache => _pulled is not null;

    /// <inheritdoc/>
    /// <remarks>
    /// Reads eight repositories at a time, and pages of the catalog as they are needed. A repository whose tags cannot be read is yielded
    /// as not <see cref="StoredRepository.IsCertain"/>; when the registry itself cannot be read, the enumeration ends.
    /// </remarks>
    public IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, Func<string, CancellationToken, Task<Repository?>>? stored = null, CancellationToken cancellationToken = default) =>
        IsCache
            ? ListAsync(after, cancellationToken).Select(listed => NameOnly(listed.Name))
            : _health.ReadAsync(ListAsync(after, cancellationToken), AtATime, (name, token) => ReadListedAsync(name, stored, token), cancellationToken);

    /// <inheritdoc/>
    public Task<StoredRepository?> FindAsync(string name, Repository? stored = null, CancellationToken cancellationToken = default) => RepositoryName.FindProblem(name) is { } problem
        ? throw new ArgumentException(problem, nameof(name))
        : _health.FindAsync(name, stored, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>A registry's API returns neither digests nor times. From a cache, only the tags that were pulled through it are returned.</remarks>
    public async Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken = default)
    {
        if (RepositoryName.FindProblem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
        var tags = await ImagesOf(name).ListTagsAsync(cancellationToken);
        return tags.Count == 0 ? null : [.. TagOrder.BestFirst(tags.Where(TagOrder.Counts)).Select(tag => new ListedTag(tag))];
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken = default) => IsCache ? ProbeAsync(cancellationToken) : _health.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public bool TryNotePull(string name, string? tag, string digest) => _pulled is not null && Digest.TryParse(digest) is { } part && _pulled.TryNote(name, tag, part);

    /// <inheritdoc/>
    public void ForgetPull(string name, string digest)
    {
        if (Digest.TryParse(digest) is { } part)
            _pulled?.Forget(name, part);
    }

    /// <inheritdoc/>
    public async Task<bool> ListsAnyAsync(CancellationToken cancellationToken = default) =>
        await ListAsync(after: null, cancellationToken, pageSize: 1).AnyAsync(cancellationToken); // pages omit names that the user may not see

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(_http.Resolve("v2/"), scope: "", cancellationToken);
        if (await _http.ReadAsync(response, MaxGreeting, cancellationToken) is not { } body || body.AsSpan().TrimStart(" \t\r\n\ufeff"u8).StartsWith("<"u8))
            throw _http.Strange(response, "a web page");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private IRepositoryImages ImagesOf(string name)
    {
        var images = new RegistryImages(_http, name);
        return _pulled is null ? images : new CachedImages(_pulled, name, images);
    }

    private async Task<StoredRepository?> LookUpAsync(string name, Repository? stored, CancellationToken cancellationToken)
    {
        var found = await _reader.ReadAsync(name, name, ImagesOf(name), stored, cancellationToken);
        if (_pulled is null)
            return found;
        if (found is null or { Failure: null, Problem: not null })
            return NameOnly(name);
        var (repository, facts) = (found.Repository, found.Repository.Facts);
        return found with
        {
            Repository = new(name, repository.Description, facts is null ? null : facts with { TagCount = null }), // only the pulled tags are known
            MayHaveDescription = repository.Description is not null,
            Tags = null,
        };
    }

    // A repository that was not pulled may have a description.
    private static StoredRepository NameOnly(string name) => new(new(name), name, Problem: null) { MayHaveDescription = false };

    private async Task<StoredRepository?> ReadListedAsync(string name, Func<string, CancellationToken, Task<Repository?>>? stored, CancellationToken cancellationToken)
    {
        if (RepositoryName.FindProblem(name) is not null)
            return new(new(name), name, Problem: null); // no registry can be asked for it; the index refuses it with the reason
        return await LookUpAsync(name, stored is null ? null : await stored(name, cancellationToken), cancellationToken);
    }

    private async IAsyncEnumerable<ListedRepository> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken, int pageSize = CatalogPage)
    {
        var start = new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = $"{pageSize}" };
        if (after is not null)
            start["last"] = after;
        var first = await _http.GetAsync(_http.Resolve("v2/_catalog", start), CatalogScope, cancellationToken);
        if (first.StatusCode == HttpStatusCode.BadRequest && start.Remove("n")) // it allows fewer a page, and chooses how many
        {
            first.Dispose();
            first = await _http.GetAsync(_http.Resolve("v2/_catalog", start), CatalogScope, cancellationToken);
        }

        await foreach (var page in _http.ReadPagesAsync(first, CatalogScope, AnswersJson.Default.CatalogPage, "a catalog", cancellationToken))
        {
            foreach (var name in page.Repositories!)
                yield return new(name!);
        }
    }
}
