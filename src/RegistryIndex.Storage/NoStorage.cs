using RegistryIndex.Sources;

namespace RegistryIndex.Storage;

/// <summary>What there is where <c>storage_path</c> is not set: nothing to read, which is not the same as an empty registry.</summary>
internal sealed class NoStorage : IRegistryStorage
{
    public string Location => "nowhere";

    public bool IsConfigured => false;

    public IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, CancellationToken cancellationToken = default) => throw NotConfigured();

    public Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken = default) => throw NotConfigured();

    public Task CheckAsync(CancellationToken cancellationToken = default) => throw NotConfigured();

    private static StorageException NotConfigured() => new($"No storage is configured: set storage_path to {RegistryStorage.WhatStoragePathIs}; or storage to 's3', and s3_bucket.");
}
