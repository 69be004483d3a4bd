using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Finds an image's signatures: in a tag of their own, or in the index that lists an image's attachments in registries without OCI's
/// referrers API.
/// </summary>
internal static class Signatures
{
    private const string BundleType = "application/vnd.dev.sigstore.bundle.";

    /// <summary>The tag of the index that lists an image's attachments (OCI distribution-spec, "Referrers Tag Schema").</summary>
    public static string IndexTagOf(Digest digest) => digest.ToString().Replace(':', '-');

    /// <summary>The tag under which cosign stores an image's signatures.</summary>
    public static string TagOf(Digest digest) => $"{IndexTagOf(digest)}.sig";

    /// <summary>Whether an index of attachments lists a signature.</summary>
    /// <exception cref="UnreadableImageException">The index is not a JSON object.</exception>
    public static bool AreIn(Manifest index)
    {
        using var document = Json.Parse(index.Content, $"the manifest {index.Digest}");
        return document.RootElement.Find("manifests") is { ValueKind: JsonValueKind.Array } entries && entries.EnumerateArray().Any(IsSignature);
    }

    private static bool IsSignature(JsonElement entry) => entry.Find("artifactType").AsText() switch
    {
        "application/vnd.dev.cosign.artifact.sig.v1+json" or "application/vnd.cncf.notary.signature" => true,
        not null and var type when type.StartsWith(BundleType, StringComparison.Ordinal) => // an attestation is a bundle, too
            entry.Find("annotations", "dev.sigstore.bundle.predicateType").AsText() is null or "https://sigstore.dev/cosign/sign/v1",
        _ => false,
    };
}
