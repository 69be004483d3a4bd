using System.Data.Common;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore;

/// <summary>Where a database is: an SQLAlchemy URL or a .NET connection string, understood.</summary>
/// <param name="Engine">Which database it is.</param>
/// <param name="ConnectionString">What ADO.NET opens.</param>
internal sealed record DatabaseUrl(IDatabaseEngine Engine, string ConnectionString)
{
    private const string Forms =
        "write sqlite:////absolute.db, postgresql://user:password@host/database, mssql+pyodbc://user:password@host/database, or a .NET connection string";

    /// <summary>Says in one sentence why the value cannot be used, or null when it can.</summary>
    public static string? FindProblem(string value, IReadOnlyCollection<IDatabaseEngine> engines)
    {
        try
        {
            _ = Parse(value, engines);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    /// <exception cref="FormatException">The value is neither, or names a database whose engine is not there; the message is a sentence without secrets.</exception>
    public static DatabaseUrl Parse(string value, IReadOnlyCollection<IDatabaseEngine> engines)
    {
        try
        {
            return SqlAlchemyUrl.TryParse(value) is { } url ? Parse(url, engines) : ParseConnectionString(value, engines);
        }
        catch (FormatException error)
        {
            throw new FormatException($"sqlalchemy_index_database {error.Message}.", error);
        }
    }

    private static DatabaseUrl Parse(SqlAlchemyUrl url, IReadOnlyCollection<IDatabaseEngine> engines)
    {
        if (engines.FirstOrDefault(engine => engine.Dialects.Contains(url.Dialect, StringComparer.Ordinal)) is { } engine)
            return new(engine, engine.ToConnectionString(url));
        if (KnownEngine.All.FirstOrDefault(known => known.Dialects.Contains(url.Dialect, StringComparer.Ordinal)) is { } missing)
            throw missing.IsMissing();
        throw url.Dialect is "mysql" or "mariadb"
            ? new FormatException(
                $"names the database '{url.Dialect}', for which there is no EF Core 10 provider: {Forms}; a program of your own can pass its own DbContextOptionsBuilder "
                + $"for one of these in {nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.UseDatabase)}, or a provider for yours (docs/writing-a-provider.md)")
            : new FormatException($"names the database '{url.Dialect}', for which there is no provider: {Forms}");
    }

    private static DatabaseUrl ParseConnectionString(string value, IReadOnlyCollection<IDatabaseEngine> engines)
    {
        var words = new DbConnectionStringBuilder();
        try
        {
            words.ConnectionString = value;
        }
        catch (ArgumentException)
        {
            words.Clear(); // the message of the exception may hold a password
        }

        if (words.Count == 0)
            throw new FormatException($"is neither a database URL nor a connection string: {Forms}");
        var known = KnownEngine.All.FirstOrDefault(known => known.Words.Any(words.ContainsKey))
            ?? throw new FormatException($"is a connection string that names no server and no file: {Forms}");
        var engine = engines.FirstOrDefault(engine => engine.Dialects.Contains(known.Dialects[0], StringComparer.Ordinal)) ?? throw known.IsMissing();
        try
        {
            return new(engine, engine.ToConnectionString(value));
        }
        catch (Exception error) when (error is ArgumentException or KeyNotFoundException or InvalidCastException or FormatException or OverflowException)
        {
            throw ConnectionOption.FindUnknown(engine, words) ?? new FormatException(error.Message, error);
        }
    }
}
