using System.Data.Common;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore;

/// <summary>The location of a database, parsed from an SQLAlchemy URL or a .NET connection string.</summary>
/// <param name="Engine">The engine of the database.</param>
/// <param name="ConnectionString">The connection string for ADO.NET.</param>
internal sealed record DatabaseUrl(IDatabaseEngine Engine, string ConnectionString)
{
    private const string Forms =
        "write sqlite:////absolute.db, postgresql://user:password@host/database, mssql+pyodbc://user:password@host/database, or a .NET connection string";

    /// <summary>Describes in one sentence why the value cannot be used; null if it can.</summary>
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

    /// <exception cref="FormatException">
    /// The value is neither of them, or names a database whose engine is missing; the message is a sentence without secrets.
    /// </exception>
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
                $"names the database '{url.Dialect}', which has no EF Core 10 provider: {Forms}; a program of your own can pass its own DbContextOptionsBuilder "
                + $"for one of these in {nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.UseDatabase)}, or have its own provider (docs/writing-a-provider.md)")
            : new FormatException($"names the database '{url.Dialect}', which is not supported: {Forms}");
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
            words.Clear(); // the exception's message may contain a password
        }

        if (words.Count == 0)
            throw new FormatException($"is neither a database URL nor a connection string: {Forms}");
        var known = KnownEngine.All.FirstOrDefault(known => known.Words.Any(words.ContainsKey))
            ?? throw new FormatException($"is a connection string without a server or a file: {Forms}");
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
