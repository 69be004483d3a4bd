using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Model;

/// <summary>The predecessor's table and ours. Its <c>version</c> table is only looked at when the schema is made.</summary>
internal sealed class IndexDbContext(DbContextOptions<IndexDbContext> options) : DbContext(options)
{
    public DbSet<RepositoryRow> Repositories => Set<RepositoryRow>();

    public DbSet<StateRow> State => Set<StateRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RepositoryRow>(row =>
        {
            row.ToTable("repository").HasKey(r => r.Id);
            row.Property(r => r.Id).HasColumnName("id");
            row.Property(r => r.Name).HasColumnName("name");
            row.Property(r => r.Description).HasColumnName("description");
        });
        modelBuilder.Entity<StateRow>(row =>
        {
            row.ToTable("registry_index_state").HasKey(r => r.Name);
            row.Property(r => r.Name).HasColumnName("name");
            row.Property(r => r.Value).HasColumnName("value");
        });
    }
}

/// <summary>A row of <c>repository</c>, as docker-registry's SQLAlchemy index made the table.</summary>
internal sealed class RepositoryRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public Repository ToRepository(IndexDatabase database) => new(Name, database.FromStored(Description));
}

/// <summary>A row of <c>registry_index_state</c>: the schema's version, and the marks of <see cref="IRegistryIndex"/> as <c>mark:NAME</c>.</summary>
internal sealed class StateRow
{
    public const string SchemaVersion = "schema";
    public const string MarkPrefix = "mark:";

    public required string Name { get; init; }

    public required string Value { get; init; }
}
