namespace RegistryIndex.Registry.Requests;

/// <summary>
/// The header by which an index says below <c>/v2/</c> that it is none of a registry's: it answers clients there much as a registry
/// does, but knows no tag of any repository, so that all of them would seem to be gone.
/// </summary>
internal static class IndexHeader
{
    public const string Name = "Registry-Index";
}
