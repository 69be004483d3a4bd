using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Engines;

/// <summary>The predecessor's table and ours. Its <c>version</c> table is only looked at when the schema is made.</summary>
/// <param name="options">What EF Core opens.</param>
public sealed class IndexDbContext(DbContextOptions<IndexDbContext> options) : DbContext(options)
{
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
