namespace RegistryIndex;

/// <summary>One page of a search.</summary>
/// <param name="Repositories">The repositories found, in the order of the request.</param>
/// <param name="Continuation">
/// An opaque text. The next <see cref="SearchRequest"/> that receives it continues after this page, on any provider. Null when nothing follows.
/// </param>
public sealed record SearchPage(IReadOnlyList<Repository> Repositories, string? Continuation);
