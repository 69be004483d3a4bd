using System.Data.Common;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Memory;

/// <summary>What is folded of a repository.</summary>
internal sealed class FoldedText
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string FoldedName { get; init; }

    public required string FoldedDescription { get; init; }
}

/// <summary>A repository of a page, if there is one, and where the log stood when it was read.</summary>
internal readonly record struct PageRow(LogPlace Place, int Id, Repository? Repository)
{
    public static PageRow Of(DbDataReader row, IndexDatabase database) => new(
        new(row.GetInt64(0), row.GetString(1)),
        row.IsDBNull(2) ? 0 : row.GetInt32(2),
        row.IsDBNull(2) ? null : new(row.GetString(3), database.FromStored(row.IsDBNull(4) ? null : row.GetString(4))));
}
