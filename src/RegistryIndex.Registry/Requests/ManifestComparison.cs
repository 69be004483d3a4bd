namespace RegistryIndex.Registry.Requests;

/// <summary>How to find out whether a manifest is still the known one, at the least cost for the registry.</summary>
internal enum ManifestComparison
{
    /// <summary>By <c>If-None-Match</c>: where it is, distribution answers 304 and counts no pull.</summary>
    ByCondition,

    /// <summary>By the digest that HEAD tells, as the registry answers in full whatever the condition.</summary>
    ByHead,

    /// <summary>By reading it, as HEAD tells no digest either.</summary>
    ByContent,
}
