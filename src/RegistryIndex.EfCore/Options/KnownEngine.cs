namespace RegistryIndex.EfCore;

/// <summary>An engine that has a package, whether or not it is there.</summary>
/// <param name="Name">What the database is called.</param>
/// <param name="Package">The package.</param>
/// <param name="Dialects">Its dialects in URLs.</param>
/// <param name="Words">What only its connection strings, and those of engines before it, hold: they have words in common.</param>
internal sealed record KnownEngine(string Name, string Package, string[] Dialects, string[] Words)
{
    public static IReadOnlyList<KnownEngine> All { get; } =
    [
        new("PostgreSQL", "RegistryIndex.EfCore.PostgreSql", ["postgresql", "postgres"], ["Host", "Port", "Username"]),
        new(
            "SQL Server", "RegistryIndex.EfCore.SqlServer", ["mssql"],
            ["Server", "Address", "Addr", "Network Address", "Initial Catalog", "Database", "User Id", "UID", "Integrated Security", "Trusted_Connection", "Authentication"]),
        new("SQLite", "RegistryIndex.EfCore.Sqlite", ["sqlite"], ["Data Source", "DataSource", "Filename"]),
    ];

    /// <summary>Says that it is not there, at the end of a sentence.</summary>
    public FormatException IsMissing() => new($"names a {Name} database, and nothing here knows {Name}: add the package {Package}, and where the index is registered by type call Use{Package[(Package.LastIndexOf('.') + 1)..]}");
}
