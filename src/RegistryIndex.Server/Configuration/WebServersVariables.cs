namespace RegistryIndex.Server.Configuration;

/// <summary>
/// The variables with which .NET hosts, such as images and units, set the listening addresses. They are read as ASP.NET Core reads them,
/// addresses before ports. Every setting of this program overrides them, and they are checked as <c>urls</c> is.
/// </summary>
internal static class WebServersVariables
{
    // ASP.NET Core's own order; the first variable that is set counts.
    private static readonly string[] Urls = ["URLS", "ASPNETCORE_URLS", "DOTNET_URLS"];
    private static readonly string[] HttpPorts = ["HTTP_PORTS", "ASPNETCORE_HTTP_PORTS", "DOTNET_HTTP_PORTS"];
    private static readonly string[] HttpsPorts = ["HTTPS_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_HTTPS_PORTS"];

    /// <summary>Returns the addresses; none when no variable is set.</summary>
    public static GivenSettings Of(IReadOnlyDictionary<string, string> environment)
    {
        var settings = new GivenSettings();
        if (Find(Urls, environment) is { } urls)
        {
            settings.Add("urls", environment[urls], $"environment variable {urls}");
            return settings;
        }

        var (http, https) = (Find(HttpPorts, environment), Find(HttpsPorts, environment));
        string[] ports = [.. Ports("http", http), .. Ports("https", https)];
        if (ports.Length > 0)
            settings.Add("urls", string.Join(';', ports), $"environment variable {string.Join(" and ", new[] { http, https }.OfType<string>())}");
        return settings;

        IEnumerable<string> Ports(string scheme, string? variable) =>
            variable is null ? [] : JoinedValues.Of(environment[variable]).Select(port => $"{scheme}://*:{port}");
    }

    private static string? Find(string[] variables, IReadOnlyDictionary<string, string> environment) =>
        Array.Find(variables, variable => !string.IsNullOrWhiteSpace(environment.GetValueOrDefault(variable)));
}
