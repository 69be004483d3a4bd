using System.Text.RegularExpressions;

namespace RegistryIndex.Registry.Login;

/// <summary>A registry's <c>WWW-Authenticate</c> header, which says how to log in.</summary>
/// <param name="IsBearer">Whether the login is a token of a token server, and not the password itself.</param>
/// <param name="Realm">The token server.</param>
/// <param name="Service">The service that the token is for.</param>
/// <param name="Scope">The access that the token has to grant.</param>
internal sealed partial record Challenge(bool IsBearer, string? Realm, string? Service, string? Scope)
{
    /// <summary>Returns the supported challenge, a token before a password; null when there is none.</summary>
    public static Challenge? Of(HttpResponseMessage response)
    {
        // Read as text: .NET's parser rejects the challenges of several registries.
        var challenges = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.SelectMany(Parse).ToList() : [];
        return challenges.Find(challenge => challenge is { IsBearer: true, Realm.Length: > 0 }) ?? challenges.Find(challenge => !challenge.IsBearer) ?? challenges.FirstOrDefault();
    }

    // A header may have several challenges, each with parameters, all separated by commas.
    private static IEnumerable<Challenge> Parse(string header)
    {
        Challenge? current = null;
        foreach (Match part in Parts().Matches(header))
        {
            if (Scheme().Match(part.Value) is { Success: true } scheme)
            {
                if (current is not null)
                    yield return current;
                current = scheme.Groups["scheme"].Value.ToLowerInvariant() switch
                {
                    "bearer" => new(true, null, null, null),
                    "basic" => new(false, null, null, null),
                    _ => null,
                };
            }

            foreach (Match parameter in Parameters().Matches(part.Value))
                current = current?.With(parameter.Groups["name"].Value.ToLowerInvariant(), Unquoted(parameter.Groups["value"].Value));
        }

        if (current is not null)
            yield return current;
    }

    private Challenge With(string name, string value) => name switch
    {
        "realm" => this with { Realm = value },
        "service" => this with { Service = value },
        "scope" => this with { Scope = value },
        _ => this,
    };

    private static string Unquoted(string value) => value.StartsWith('"') ? Regex.Replace(value[1..^1], @"\\(.)", "$1") : value;

    [GeneratedRegex("""(?:"(?:[^"\\]|\\.)*"|[^,"])+""", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex("""^\s*(?<scheme>[^\s="]+)(?:\s*$|\s+[^\s=])""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme();

    [GeneratedRegex("""(?<name>[^\s="]+)\s*=\s*(?<value>"(?:[^"\\]|\\.)*"|[^\s"]*)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameters();
}
