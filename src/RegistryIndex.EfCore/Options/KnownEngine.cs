namespace RegistryIndex.EfCore;

/// <summary>An engine that exists as a package, which the program may or may not reference.</summary>
/// <param name="Name">The display name of the database.</param>
/// <param name="Package">The package.</param>
/// <param name="Dialects">Its dialects in URLs.</param>
/// <param name="Words">
/// Keywords that only its connection strings, and those of the engines before it, contain. Engines have some keywords in common.
/// </param>
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

    /// <summary>Creates an error that says at the end of a sentence that the engine is missing.</summary>
    public FormatException IsMissing() => new($"names a {Name} database, and this application does not contain its engine: add the package {Package}. If you register the index by type, call Use{Package[(Package.LastIndexOf('.') + 1)..]}");
}
