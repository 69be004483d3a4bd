using System.Data.Common;
using Microsoft.Data.SqlClient;
using RegistryIndex.Addresses;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>Translates <c>mssql+pyodbc://</c> and <c>mssql+pymssql://</c> URLs for SqlClient.</summary>
internal static class SqlServerUrl
{
    // Options that concern only ODBC and FreeTDS.
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "driver", "autocommit", "ansi", "unicode_results", "fast_executemany", "charset", "tds_version", "mars_connection", "autotranslate", "dsn",
    };

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TrustServerCertificate"] = "Trust Server Certificate",
        ["Trusted_Connection"] = "Integrated Security",
        ["APP"] = "Application Name",
        ["appname"] = "Application Name",
        ["LoginTimeout"] = "Connect Timeout",
        ["login_timeout"] = "Connect Timeout",
        ["MultiSubnetFailover"] = "Multi Subnet Failover",
        ["ApplicationIntent"] = "Application Intent",
    };

    private static readonly string[] OtherProtocols = ["np:", "lpc:", "admin:"];

    /// <exception cref="FormatException">The URL is not valid; the message is the end of a sentence.</exception>
    public static string ToConnectionString(SqlAlchemyUrl url, IDatabaseEngine engine)
    {
        if (url.Options.TryGetValue("odbc_connect", out var odbc))
            return FromOdbc(odbc, engine);
        // If the URL has a host but no database, pyodbc takes the host for the name of an ODBC data source.
        if (url.Host is null || (url.Driver is "" or "pyodbc" && !url.Options.ContainsKey("driver") && url.Database is null))
            throw new FormatException("names a data source of ODBC instead of a server: write mssql+pyodbc://user:password@host/database");
        var result = new SqlConnectionStringBuilder
        {
            DataSource = url.Port is { } port ? $"{url.Host},{port}" : url.Host,
            InitialCatalog = url.Database ?? "",
        };
        if (url.User is not null)
            (result.UserID, result.Password) = (url.User, url.Password ?? "");
        else
            result.IntegratedSecurity = true;
        foreach (var (name, value) in url.Options)
            Set(result, engine, name, value);
        return Complete(result);
    }

    /// <summary>Completes a user's connection string if it can be used.</summary>
    public static string Check(string connectionString) => Complete(new SqlConnectionStringBuilder(connectionString));

    // Parses an ODBC connection string. It has the same key=value; list, but quotes with braces and uses some other keywords.
    private static string FromOdbc(string odbc, IDatabaseEngine engine)
    {
        var result = new SqlConnectionStringBuilder();
        DbConnectionStringBuilder words = new(useOdbcRules: true);
        try
        {
            words.ConnectionString = odbc;
        }
        catch (ArgumentException error)
        {
            throw new FormatException("has an odbc_connect that is not an ODBC connection string", error);
        }

        foreach (string name in words.Keys)
        {
            var value = Unbraced((string)words[name]);
            switch (name.ToUpperInvariant())
            {
                case "SERVER" or "ADDRESS" or "ADDR":
                    result.DataSource = value.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? value[4..] : value;
                    break;
                case "DATABASE":
                    result.InitialCatalog = value;
                    break;
                case "UID" or "USER ID":
                    result.UserID = value;
                    break;
                case "PWD" or "PASSWORD":
                    result.Password = value;
                    break;
                default:
                    Set(result, engine, name, value);
                    break;
            }
        }

        return result.DataSource.Length > 0
            ? Complete(result)
            : throw new FormatException("has an odbc_connect without a SERVER");
    }

    private static void Set(SqlConnectionStringBuilder result, IDatabaseEngine engine, string name, string value)
    {
        if (Ignored.Contains(name))
            return;
        ConnectionOption.Set(result, engine, Names.GetValueOrDefault(name, name), value, name);
    }

    private static string Unbraced(string value) =>
        value.Length > 1 && value[0] == '{' && value[^1] == '}' ? value[1..^1].Replace("}}", "}", StringComparison.Ordinal) : value;

    private static string Complete(SqlConnectionStringBuilder connection)
    {
        if (HostOf(connection.DataSource) is { Length: > 0 } host && HostName.FindProblem(host) is { } problem)
            throw new FormatException(problem);
        if (!connection.ContainsKey("Application Name") || connection.ApplicationName.StartsWith("Core ", StringComparison.Ordinal))
            connection.ApplicationName = "registry-index";
        return connection.ToString();
    }

    // The host of tcp:host\instance,port; null if the server is reached in another way, such as by a named pipe.
    private static string? HostOf(string server)
    {
        var address = server.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? server[4..] : server;
        var isOther = address.StartsWith('\\') || Array.Exists(OtherProtocols, protocol => address.StartsWith(protocol, StringComparison.OrdinalIgnoreCase));
        return isOther || address.Split(',', '\\')[0].Trim() is not { } host || host is "." or ['(', ..] ? null : host; // those are this machine
    }
}
