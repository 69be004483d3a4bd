using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Files;

namespace RegistryIndex.EfCore;

/// <summary>The settings of the relational backend, under docker-registry's own key.</summary>
public sealed class EfCoreIndexOptions : IValidatableObject
{
    private const int MaxSearchMemory = 1_024;

    /// <summary>
    /// <c>sqlalchemy_index_database</c>: an SQLAlchemy URL or a .NET connection string. <c>sqlite:///relative.db</c>,
    /// <c>sqlite:////absolute.db</c>, or <c>sqlite://</c> for an index in memory that goes with the process;
    /// <c>postgresql://user:password@host/database</c>; <c>mssql+pyodbc://user:password@host/database</c>. Null is
    /// <see cref="FindDefaultDatabase"/>.
    /// </summary>
    [ConfigurationKeyName("sqlalchemy_index_database")]
    public string? Database { get; set; }

    /// <summary>
    /// <c>search_memory</c>: how many MiB the texts of the index may take in memory, where words inside of names and words of descriptions are
    /// looked for, 0 to 1,024; some 15 for 100,000 repositories. Where they take more, or with 0, the database looks for them. SQL Server always does.
    /// </summary>
    [ConfigurationKeyName("search_memory")]
    public int SearchMemory { get; set; } = 256;

    /// <summary>Whether a search waits until the texts are in memory: for tests.</summary>
    internal bool WaitsForMemory { get; set; }

    /// <summary>
    /// Instead of <see cref="Database"/>, in a program of one's own: configures EF Core with a data source, tokens for a
    /// password or another of the provider's options. It must be the provider for SQLite, PostgreSQL (Npgsql) or SQL Server,
    /// without an execution strategy.
    /// </summary>
    public Action<DbContextOptionsBuilder>? UseDatabase { get; set; }

    /// <summary>
    /// The database where none is named: a SQLite file that is its user's alone, <c>index.db</c> in systemd's <c>STATE_DIRECTORY</c>, else in
    /// <c>registry-index</c> below <c>XDG_STATE_HOME</c> or <c>~/.local/state</c> (on Windows and macOS below the user's local
    /// application data). As long as that is not there, the file <c>/tmp/docker-registry.db</c> is it, where earlier versions made theirs, if
    /// it belongs to this user and nobody else can exchange it.
    /// </summary>
    /// <param name="environment">Reads an environment variable; those of this process unless told otherwise.</param>
    /// <param name="oldFile">Where earlier versions made theirs; <c>/tmp/docker-registry.db</c> unless told otherwise.</param>
    /// <returns>Its URL; null where the user has no home directory.</returns>
    public static string? FindDefaultDatabase(Func<string, string?>? environment = null, string? oldFile = null) => DefaultDatabase.Find(environment, oldFile).Url;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (UseDatabase is null && FindProblem() is { } problem)
            yield return new(problem);
        if (SearchMemory is < 0 or > MaxSearchMemory)
            yield return new($"search_memory is {SearchMemory}, and must be 0 to {MaxSearchMemory} MiB.");
    }

    private string? FindProblem()
    {
        if (Database is not null)
            return DatabaseUrl.FindProblem(Database);
        return DefaultDatabase.Find().File is null
            ? "This user has no home directory for the database; set sqlalchemy_index_database, such as to sqlite:////var/lib/registry-index/index.db."
            : null;
    }
}

[OptionsValidator]
internal sealed partial class EfCoreIndexOptionsValidator : IValidateOptions<EfCoreIndexOptions>;
