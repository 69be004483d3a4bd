using System.Data.Common;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Memory;

/// <summary>A repository of a page, if it exists, and the end of the log when it was read.</summary>
internal readonly record struct PageRow(LogPlace Place, int Id, Repository? Repository)
{
    public static PageRow Of(DbDataReader row, IndexDatabase database) => new(
        new(row.GetInt64(0), row.GetString(1)),
        row.IsDBNull(2) ? 0 : row.GetInt32(2),
        row.IsDBNull(2) ? null : Repository.FromStored(row.GetString(3), database.FromStored(row.IsDBNull(4) ? null : row.GetString(4)), row.IsDBNull(5) ? null : row.GetString(5)));
}
