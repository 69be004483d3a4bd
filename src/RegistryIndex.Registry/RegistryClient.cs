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
/// Reads a registry through its HTTP API (OCI distribution-spec): the catalog, the tags of a repository, and the
/// description of the tag that speaks for it. A look-up is three requests: tags, manifest, config; another of the same repository is
/// two that count as no pull, as long as its tags point at the same images. Of a pull-through cache the catalog is all that is
/// asked without being told of a pull.
/// </summary>
public sealed class RegistryClient : IRegistryApi, IDisposable
{
    /// <summary>
    /// The header by which an index says below <c>/v2/</c> that it is none of a registry's: it answers clients there much as a registry
    /// does, but knows no tag of any repository, so that all of them would seem to be gone.
    /// </summary>
    public const string IndexHeader = "Registry-Index";

    private const int CatalogPage = 1000; // distribution's catalog.maxentries unless told otherwise; above it answers 400
    private const string CatalogScope = "registry:catalog:*";
    private const int AtATime = 8;
    private const long MemoryOfImages = 32 << 20; // of some 50,000 repositories
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
    /// Reads eight repositories at a time, and pages of the catalog as they are needed. One whose tags cannot be read is yielded as
    /// not <see cref="StoredRepository.IsCertain"/>; where it is the registry that cannot, the enumeration ends.
    /// </remarks>
    public IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, CancellationToken cancellationToken = default) =>
        IsCache
            ? ListAsync(after, cancellationToken).Select(listed => NameOnly(listed.Name))
            : _health.ReadAsync(ListAsync(after, cancellationToken), AtATime, ReadListedAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken = default) => RepositoryName.FindProblem(name) is { } problem
        ? throw new ArgumentException(problem, nameof(name))
        : _health.FindAsync(name, cancellationToken);

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
        await ListAsync(after: null, cancellationToken, pageSize: 1).AnyAsync(cancellationToken); // pages may be empty, as what a user may not see is left out of them

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(_http.Resolve("v2/"), scope: "", cancellationToken);
        if (await _http.ReadAsync(response, MaxGreeting, cancellationToken) is not { } body || body.AsSpan().TrimStart(" \t\r\n\ufeff"u8).StartsWith("<"u8))
            throw _http.Strange(response, "a page of the web");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<StoredRepository?> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        var images = new RegistryImages(_http, name);
        if (_pulled is null)
            return await _reader.ReadAsync(name, name, images, cancellationToken);
        var found = await _reader.ReadAsync(name, name, new CachedImages(_pulled, name, images), cancellationToken);
        return found is { Repository.Description: not null } or { Failure: not null } ? found : NameOnly(name);
    }

    // What was not pulled may have a description.
    private static StoredRepository NameOnly(string name) => new(new(name), name, Problem: null) { MayHaveDescription = false };

    private Task<StoredRepository?> ReadListedAsync(string name, CancellationToken cancellationToken) => RepositoryName.FindProblem(name) is null
        ? LookUpAsync(name, cancellationToken)
        : Task.FromResult<StoredRepository?>(new(new(name), name, Problem: null)); // it cannot be asked for; the index refuses it with the reason

    private async IAsyncEnumerable<ListedRepository> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken, int pageSize = CatalogPage)
    {
        var start = new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = $"{pageSize}" };
        if (after is not null)
            start["last"] = after;
        var first = await _http.GetAsync(_http.Resolve("v2/_catalog", start), CatalogScope, cancellationToken);
        if (first.StatusCode == HttpStatusCode.BadRequest && start.Remove("n")) // it allows fewer at once, and knows best how many
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
