using System.Net;
using Npgsql;
using RegistryIndex.Addresses;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>Translates <c>postgresql://</c> URLs for Npgsql.</summary>
internal static class PostgreSqlUrl
{
    /// <summary>Maps libpq's option names, which psycopg2 passes on, to Npgsql's names.</summary>
    private static readonly Dictionary<string, string> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["application_name"] = "Application Name",
        ["client_encoding"] = "Client Encoding",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["passfile"] = "Passfile",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["krbsrvname"] = "Kerberos Service Name",
    };

    /// <exception cref="FormatException">The URL is not valid; the message is the end of a sentence.</exception>
    public static string ToConnectionString(SqlAlchemyUrl url, IDatabaseEngine engine)
    {
        var result = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host ?? "localhost",
            Username = url.User,
            Password = url.Password,
            Database = url.Database,
        };
        if (url.Port is { } port)
            result.Port = port;
        foreach (var (name, value) in url.Options)
        {
            var isWord = name.ToLowerInvariant() is "sslmode" or "target_session_attrs" or "channel_binding";
            ConnectionOption.Set(result, engine, Options.GetValueOrDefault(name, name), isWord ? value.Replace("-", "", StringComparison.Ordinal) : value, name);
        }

        return Complete(result);
    }

    /// <summary>Completes a user's connection string if it can be used.</summary>
    public static string Check(string connectionString) => Complete(new NpgsqlConnectionStringBuilder(connectionString));

    private static string Complete(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.Port is < 1 or > IPEndPoint.MaxPort)
            throw new FormatException($"has the port {connection.Port}: write a number from 1 to {IPEndPoint.MaxPort}");
        foreach (var host in (connection.Host ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (host[0] is not ('/' or '@') && HostName.FindProblem(WithoutPort(host)) is { } problem) // those are Unix sockets
                throw new FormatException(problem);
        }

        connection.NoResetOnClose = true; // no read changes the state of a session
        connection.ApplicationName ??= "registry-index"; // the name in the server's list of sessions
        return connection.ToString();
    }

    // Each of several hosts may have its own port.
    private static string WithoutPort(string host) => (host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : host.IndexOf(':', StringComparison.Ordinal)) is > 0 and var end
        && (host[0] == '[' || host.LastIndexOf(':') == end) ? host[..end] : host;
}
