using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Engines;

/// <summary>The predecessor's table and our tables. The predecessor's <c>version</c> table is read only when the schema is created.</summary>
public sealed class IndexDbContext : DbContext
{
    /// <summary>Creates a context.</summary>
    /// <param name="options">The options with which EF Core opens the database.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "EF Core's own assemblies say what trimming does to them.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "EF Core's own assemblies say what compiling does to them.")]
    public IndexDbContext(DbContextOptions<IndexDbContext> options)
        : base(options)
    {
    }

    internal DbSet<RepositoryRow> Repositories => Set<RepositoryRow>();

    internal DbSet<StateRow> State => Set<StateRow>();

    /// <inheritdoc/>
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
