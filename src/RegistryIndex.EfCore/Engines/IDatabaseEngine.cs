using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// A relational database that the index can be in. Its package announces it with <see cref="DatabaseEngineAttribute"/>; a program that
/// registers the index by its type adds it with <see cref="EfCoreIndexOptions.Use"/>. Thread-safe, with a constructor without parameters.
/// </summary>
public interface IDatabaseEngine
{
    /// <summary>What the database is called, for people: <c>PostgreSQL</c>.</summary>
    string Name { get; }

    /// <summary>What its driver is called, for people: <c>Npgsql</c>.</summary>
    string Driver { get; }

    /// <summary>The dialects in SQLAlchemy URLs that are its own, in lower case.</summary>
    IReadOnlyList<string> Dialects { get; }

    /// <summary>The assembly of EF Core's provider for it, by which <see cref="EfCoreIndexOptions.UseDatabase"/> finds it.</summary>
    string EntityFrameworkProvider { get; }

    /// <summary>The URL of the database where none is named; null where there is none by default.</summary>
    string? FindDefaultUrl() => null;

    /// <summary>What a URL means to the driver.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message is the end of a sentence.</exception>
    string ToConnectionString(SqlAlchemyUrl url);

    /// <summary>A connection string as a user wrote it, completed, if it can be used.</summary>
    /// <exception cref="FormatException">It cannot; the message is the end of a sentence. What the driver throws is explained by the caller.</exception>
    string ToConnectionString(string connectionString);

    /// <summary>An empty connection string of the driver.</summary>
    DbConnectionStringBuilder NewConnectionString();

    /// <summary>Has EF Core open a database.</summary>
    void Configure(DbContextOptionsBuilder options, string connectionString);

    /// <summary>The database, which is not opened yet.</summary>
    /// <param name="options">What EF Core opens.</param>
    /// <param name="logger">Where to say what a person should know of the database.</param>
    IndexDatabase Create(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger);
}
