namespace RegistryIndex.Registry.Requests;

/// <summary>How to find out, at the lowest cost for the registry, whether a manifest is still the known one.</summary>
internal enum ManifestComparison
{
    /// <summary>By <c>If-None-Match</c>: for the known manifest, distribution answers 304 and counts no pull.</summary>
    ByCondition,

    /// <summary>By the digest that HEAD returns, as the registry ignores the condition.</summary>
    ByHead,

    /// <summary>By reading the manifest, as HEAD does not return a digest either.</summary>
    ByContent,
}
