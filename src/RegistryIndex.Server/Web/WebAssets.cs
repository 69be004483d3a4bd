using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace RegistryIndex.Server.Web;

/// <summary>
/// The style sheet, the script and the icon of the pages, which are resources of this assembly. A name contains the hash of the content, so
/// that a browser never asks for the same content twice. Their tags are weak: compressed and not, the bytes differ (RFC 9110, 8.8.1).
/// </summary>
internal sealed class WebAssets
{
    private const string Prefix = "web/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, Asset> _byName;
    private readonly FrozenDictionary<string, Asset> _byVersionedName;

    public WebAssets()
    {
        var assets = typeof(WebAssets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(Read).ToList();
        _byName = assets.ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
        _byVersionedName = assets.ToFrozenDictionary(asset => asset.VersionedName, StringComparer.Ordinal);
    }

    public Asset Find(string name) => _byName[name];

    /// <summary><c>GET /ui/assets/NAME.HASH.EXTENSION</c>.</summary>
    public static IResult Get(WebAssets assets, string file)
    {
        if (!assets._byVersionedName.TryGetValue(file, out var asset))
            return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        return TypedResults.Bytes(asset.Content, asset.Type, entityTag: asset.Tag);
    }

    private static Asset Read(string resource)
    {
        using var stream = typeof(WebAssets).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        var (name, extension) = (resource[Prefix.Length..], Path.GetExtension(resource));
        return new(name, $"{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}", Types[extension], new($"\"{hash}\"", isWeak: true), content);
    }

    internal sealed record Asset(string Name, string VersionedName, string Type, EntityTagHeaderValue Tag, byte[] Content);
}
