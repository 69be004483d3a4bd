namespace RegistryIndex.Registry.Requests;

/// <summary>Parses the header <c>Link</c> (RFC 8288), as far as registries use it for paging.</summary>
internal static class Links
{
    /// <summary>Returns the link to the next page, as it was written; null when this page is the last.</summary>
    public static string? Next(IEnumerable<string> headers)
    {
        foreach (var header in headers)
        {
            for (var rest = header.AsSpan(); rest.IndexOf('<') is >= 0 and var start;)
            {
                rest = rest[(start + 1)..];
                if (rest.IndexOf('>') is not (>= 0 and var end))
                    break;
                var target = rest[..end].ToString();
                rest = rest[(end + 1)..];
                var parameters = rest.IndexOf('<') is >= 0 and var following ? rest[..following] : rest;
                if (IsNext(parameters.ToString()))
                    return target;
            }
        }

        return null;
    }

    private static bool IsNext(string parameters) => parameters.Split(';', ',').Any(parameter =>
        parameter.Split('=', 2) is [var name, var value]
        && name.Trim().Equals("rel", StringComparison.OrdinalIgnoreCase) && value.Trim().Trim('"').Equals("next", StringComparison.OrdinalIgnoreCase));
}
