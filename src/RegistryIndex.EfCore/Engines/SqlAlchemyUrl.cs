namespace RegistryIndex.EfCore.Engines;

/// <summary>The parts of an SQLAlchemy URL, <c>dialect+driver://user:password@host:port/database?option=value</c>.</summary>
/// <param name="Dialect">The database, in lower case.</param>
/// <param name="Driver">The Python driver; empty if the URL names none.</param>
/// <param name="Rest">The text after <c>://</c>, unchanged.</param>
public sealed record SqlAlchemyUrl(string Dialect, string Driver, string Rest)
{
    /// <summary>The user; null if the URL names none.</summary>
    public string? User { get; private init; }

    /// <summary>The password; null if the URL names none.</summary>
    public string? Password { get; private init; }

    /// <summary>The host; null if the URL names none.</summary>
    public string? Host { get; private init; }

    /// <summary>The port; null if the URL names none.</summary>
    public int? Port { get; private init; }

    /// <summary>The database; null if the URL names none.</summary>
    public string? Database { get; private init; }

    /// <summary>The options after <c>?</c>. Their names are not case-sensitive.</summary>
    public IReadOnlyDictionary<string, string> Options { get; private init; } = new Dictionary<string, string>();

    /// <summary>Parses a URL; null if the text is not a URL.</summary>
    /// <exception cref="FormatException">A part of the URL is not valid; the message is the end of a sentence.</exception>
    public static SqlAlchemyUrl? TryParse(string text)
    {
        if (text.Split("://", 2) is not [var scheme, var rest] || scheme.Length == 0 || !scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '_' or '-'))
            return null;
        var (dialect, driver) = scheme.ToLowerInvariant().Split('+', 2) is [var before, var after] ? (before, after) : (scheme.ToLowerInvariant(), "");
        if (dialect == "sqlite")
            return new(dialect, driver, rest); // the rest is a path, in which every character counts
        var (place, query) = Halves(rest, '?');
        var slash = place.IndexOf('/', Math.Max(0, place.LastIndexOf('@')));
        var database = slash < 0 ? "" : place[(slash + 1)..];
        var (credentials, address) = (slash < 0 ? place : place[..slash]).LastIndexOf('@') is var at and >= 0
            ? (place[..at], place[(at + 1)..(slash < 0 ? place.Length : slash)])
            : (null, slash < 0 ? place : place[..slash]);
        var (host, port) = Address(address);
        var (user, password) = Halves(credentials ?? "", ':');
        return new(dialect, driver, rest)
        {
            User = Text(user),
            Password = Text(password ?? ""),
            Host = Text(host),
            Port = port,
            Database = Text(database),
            Options = ReadOptions(query ?? ""),
        };
    }

    private static (string Host, int? Port) Address(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.EndsWith(']'))
            return (address.Trim('[', ']'), null);
        return int.TryParse(address.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var port) && port is > 0 and < 65536
            ? (address[..colon].Trim('[', ']'), port)
            : throw new FormatException($"has the port '{address[(colon + 1)..]}', which is not a number from 1 to 65535");
    }

    private static Dictionary<string, string> ReadOptions(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Halves(option, '=');
            name = Uri.UnescapeDataString(name);
            if (!options.TryAdd(name, Uri.UnescapeDataString((value ?? "").Replace('+', ' '))))
                throw new FormatException($"has the option '{name}' twice");
        }

        return options;
    }

    private static (string First, string? Second) Halves(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var index and >= 0 ? (text[..index], text[(index + 1)..]) : (text, null);

    private static string? Text(string text) => text.Length == 0 ? null : Uri.UnescapeDataString(text);
}
