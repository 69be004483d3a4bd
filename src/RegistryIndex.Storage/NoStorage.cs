using RegistryIndex.Sources;

namespace RegistryIndex.Storage;

/// <summary>The storage where <c>storage_path</c> is not set. Reading it fails, as it is not an empty registry.</summary>
internal sealed class NoStorage : IRegistryStorage
{
    public string Location => "nowhere";

    public bool IsConfigured => false;

    public IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, Func<string, CancellationToken, Task<Repository?>>? stored = null, CancellationToken cancellationToken = default) => throw NotConfigured();

    public Task<StoredRepository?> FindAsync(string name, Repository? stored = null, CancellationToken cancellationToken = default) => throw NotConfigured();

    public Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken = default) => throw NotConfigured();

    public Task CheckAsync(CancellationToken cancellationToken = default) => throw NotConfigured();

    private static StorageException NotConfigured() => new($"No storage is configured: set storage_path to {RegistryStorage.WhatStoragePathIs}; or storage to 's3', and s3_bucket.");
}
