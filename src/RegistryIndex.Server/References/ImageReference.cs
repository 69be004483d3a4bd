namespace RegistryIndex.Server.References;

/// <summary>
/// A reference to an image in the clients' format, <c>[SCHEME://][HOST[:PORT]/]NAME[:TAG][@DIGEST]</c> (the grammar of distribution's
/// <c>reference</c> package). The index has only the name.
/// </summary>
internal static class ImageReference
{
    private static readonly string[] Schemes = ["https://", "http://", "docker://", "oci://"];

    /// <summary>Returns the name in a reference. The first path segment is a host when it has a dot or a colon, or is <c>localhost</c>.</summary>
    public static string NameIn(string reference)
    {
        var rest = WithoutTag(WithoutScheme(reference));
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsHost(rest[..slash]) ? rest[(slash + 1)..] : rest;
    }

    /// <summary>Returns a reference without its tag and its digest.</summary>
    public static string WithoutTag(string reference)
    {
        var digest = reference.IndexOf('@', StringComparison.Ordinal);
        if (digest > 0 && reference.IndexOf(':', digest) > 0)
            reference = reference[..digest];
        var lastSegment = reference.LastIndexOf('/') + 1;
        var tag = reference.IndexOf(':', lastSegment);
        return tag > lastSegment ? reference[..tag] : reference;
    }

    /// <summary>Returns a reference without the scheme that some clients require.</summary>
    public static string WithoutScheme(string reference) =>
        reference[(Array.Find(Schemes, scheme => reference.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))?.Length ?? 0)..];

    private static bool IsHost(string segment) => segment.AsSpan().IndexOfAny('.', ':') >= 0 || segment.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
