using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore;

/// <summary>The settings of the relational backend, under docker-registry's own key.</summary>
public sealed class EfCoreIndexOptions : IValidatableObject
{
    /// <summary>
    /// <c>sqlalchemy_index_database</c>: an SQLAlchemy URL or a .NET connection string. <c>sqlite:///relative.db</c>,
    /// <c>sqlite:////absolute.db</c>, or <c>sqlite://</c> for an index in memory that goes with the process;
    /// <c>postgresql://user:password@host/database</c>; <c>mssql+pyodbc://user:password@host/database</c>.
    /// </summary>
    [ConfigurationKeyName("sqlalchemy_index_database")]
    public string Database { get; set; } = "sqlite:////tmp/docker-registry.db";

    /// <summary>
    /// Instead of <see cref="Database"/>, in a program of one's own: configures EF Core with a data source, tokens for a
    /// password or another of the provider's options. It must be the provider for SQLite, PostgreSQL (Npgsql) or SQL Server,
    /// without an execution strategy.
    /// </summary>
    public Action<DbContextOptionsBuilder>? UseDatabase { get; set; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (UseDatabase is null && DatabaseUrl.FindProblem(Database) is { } problem)
            yield return new(problem);
    }
}

[OptionsValidator]
internal sealed partial class EfCoreIndexOptionsValidator : IValidateOptions<EfCoreIndexOptions>;
