using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// A relational database that can hold the index. Its package announces it with <see cref="DatabaseEngineAttribute"/>. A program that registers
/// the index by its type adds it with <see cref="EfCoreIndexOptions.Use"/>. An engine is thread-safe and has a constructor without parameters.
/// </summary>
public interface IDatabaseEngine
{
    /// <summary>The display name of the database: <c>PostgreSQL</c>.</summary>
    string Name { get; }

    /// <summary>The display name of its driver: <c>Npgsql</c>.</summary>
    string Driver { get; }

    /// <summary>Its dialects in SQLAlchemy URLs, in lower case.</summary>
    IReadOnlyList<string> Dialects { get; }

    /// <summary>The assembly of its EF Core provider, by which <see cref="EfCoreIndexOptions.UseDatabase"/> finds the engine.</summary>
    string EntityFrameworkProvider { get; }

    /// <summary>The URL of the default database; null if the engine has no default.</summary>
    string? FindDefaultUrl() => null;

    /// <summary>Translates a URL to a connection string of the driver.</summary>
    /// <exception cref="FormatException">The URL is not valid; the message is the end of a sentence.</exception>
    string ToConnectionString(SqlAlchemyUrl url);

    /// <summary>Completes a user's connection string if it can be used.</summary>
    /// <exception cref="FormatException">
    /// The connection string cannot be used; the message is the end of a sentence. The caller explains the driver's own exceptions.
    /// </exception>
    string ToConnectionString(string connectionString);

    /// <summary>Creates an empty connection string of the driver.</summary>
    DbConnectionStringBuilder NewConnectionString();

    /// <summary>Configures EF Core to open a database.</summary>
    void Configure(DbContextOptionsBuilder options, string connectionString);

    /// <summary>Creates the database object, without opening the database.</summary>
    /// <param name="options">The options with which EF Core opens the database.</param>
    /// <param name="logger">Logs what an operator should know of the database.</param>
    IndexDatabase Create(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger);
}
