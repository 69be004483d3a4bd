using System.Text.RegularExpressions;

namespace RegistryIndex.Registry.Login;

/// <summary>What a registry says with <c>WWW-Authenticate</c>: how to log in.</summary>
/// <param name="IsBearer">By a token of a token server, instead of by the password itself.</param>
/// <param name="Realm">The token server.</param>
/// <param name="Service">Whom the token is for.</param>
/// <param name="Scope">What the token has to allow.</param>
internal sealed partial record Challenge(bool IsBearer, string? Realm, string? Service, string? Scope)
{
    /// <summary>The way that is understood; null when there is none.</summary>
    public static Challenge? Of(HttpResponseMessage response)
    {
        // Read as text: the challenges of several registries are not what .NET's parser wants.
        var headers = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.ToArray() : [];
        if (headers.FirstOrDefault(header => header.TrimStart().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) is { } bearer)
            return new(true, Parameter(bearer, "realm"), Parameter(bearer, "service"), Parameter(bearer, "scope"));
        return headers.Any(header => header.TrimStart().StartsWith("Basic", StringComparison.OrdinalIgnoreCase)) ? new(false, null, null, null) : null;
    }

    private static string? Parameter(string header, string name)
    {
        foreach (Match match in Parameters().Matches(header))
        {
            if (match.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
                return match.Groups["value"].Value.Trim('"');
        }

        return null;
    }

    [GeneratedRegex("""(?<name>[A-Za-z]+)\s*=\s*(?<value>"[^"]*"|[^\s,]*)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameters();
}
