using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore;

/// <summary>The settings of the relational provider, under docker-registry's own keys.</summary>
public sealed class EfCoreIndexOptions : IValidatableObject
{
    /// <summary>The name of the provider in errors, metrics and <c>search_backend</c>.</summary>
    public const string ProviderName = "efcore";

    private const int MaxSearchMemory = 1_024;
    private readonly List<IDatabaseEngine> _engines = [];

    /// <summary>
    /// <c>sqlalchemy_index_database</c>: an SQLAlchemy URL or a .NET connection string. For SQLite: <c>sqlite:///relative.db</c>,
    /// <c>sqlite:////absolute.db</c>, or <c>sqlite://</c> for an index in memory, which ends with the process. For PostgreSQL:
    /// <c>postgresql://user:password@host/database</c>. For SQL Server: <c>mssql+pyodbc://user:password@host/database</c>. Null is the engine's
    /// default; with <c>RegistryIndex.EfCore.Sqlite</c> it is a file in this user's state directory.
    /// </summary>
    [ConfigurationKeyName("sqlalchemy_index_database")]
    public string? Database { get; set; }

    /// <summary>
    /// <c>search_memory</c>: how many MiB of memory the texts of the index may use, 0 to 1,024; 100,000 repositories need about 15.
    /// Words inside of names and words of descriptions are looked for in memory. If the texts need more memory, or with 0, the
    /// database looks for them. SQL Server always does.
    /// </summary>
    [ConfigurationKeyName("search_memory")]
    public int SearchMemory { get; set; } = 256;

    /// <summary>Whether a search waits until the texts are in memory; for tests.</summary>
    internal bool WaitsForMemory { get; set; }

    /// <summary>
    /// Configures EF Core in place of <see cref="Database"/>, for programs that need a data source, tokens instead of a
    /// password, or other options of the EF Core provider. The provider must be that of an engine that is present
    /// (<see cref="Use"/>), without an execution strategy.
    /// </summary>
    public Action<DbContextOptionsBuilder>? UseDatabase { get; set; }

    /// <summary>The engines that are present.</summary>
    internal IReadOnlyCollection<IDatabaseEngine> Engines => _engines;

    /// <summary>
    /// Adds an engine, as the <c>Use</c> methods of the engines' packages do. <c>AddRegistryIndex</c> with a configuration adds the engines of
    /// all packages that the program references.
    /// </summary>
    /// <param name="engine">The engine. An engine of the same name that is already present is kept.</param>
    /// <returns>These options.</returns>
    public EfCoreIndexOptions Use(IDatabaseEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        if (!_engines.Exists(one => one.Name == engine.Name))
            _engines.Add(engine);
        return this;
    }

    /// <summary>The default of the first engine that has one.</summary>
    internal string? FindDefaultUrl() => _engines.Select(engine => engine.FindDefaultUrl()).FirstOrDefault(url => url is not null);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (UseDatabase is null && FindProblem() is { } problem)
            yield return new(problem);
        if (SearchMemory is < 0 or > MaxSearchMemory)
            yield return new($"search_memory is {SearchMemory}, but must be 0 to {MaxSearchMemory} MiB.");
    }

    private string? FindProblem()
    {
        if (Database is not null)
            return DatabaseUrl.FindProblem(Database, _engines);
        if (FindDefaultUrl() is not null)
            return null;
        return _engines.Exists(engine => engine.Dialects.Contains("sqlite", StringComparer.Ordinal))
            ? "This user has no home directory for the database; set sqlalchemy_index_database, such as to sqlite:////var/lib/registry-index/index.db."
            : "sqlalchemy_index_database is not set, and only SQLite (RegistryIndex.EfCore.Sqlite) has a default; set it, for example to postgresql://user:password@host/database.";
    }
}

[OptionsValidator]
internal sealed partial class EfCoreIndexOptionsValidator : IValidateOptions<EfCoreIndexOptions>;
