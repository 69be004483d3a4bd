using System.Text.Json;
using System.Text.Json.Serialization;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Model;

/// <summary>A repository on its way into the tables, folded.</summary>
/// <param name="Id">Its id in <c>repository</c>; 0 where it has none yet, or none is asked for.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description, as it is stored.</param>
/// <param name="FoldedName">Its name, folded.</param>
/// <param name="FoldedDescription">Its description, folded.</param>
internal sealed record FoldedRow(int Id, string Name, string? Description, string FoldedName, string FoldedDescription)
{
    public static FoldedRow Of(IndexDatabase database, Repository repository, int id = 0) => new(
        id, repository.Name, database.ToStored(repository.Description), Folding.Fold(repository.Name), Folding.Fold(repository.Description ?? ""));

    /// <summary>A whole batch as one parameter, in UTF-8: a statement then costs the same for one row and for a thousand.</summary>
    public static byte[] ToUtf8Json(IEnumerable<FoldedRow> rows) => JsonSerializer.SerializeToUtf8Bytes(rows, FoldedRowJson.Default.IEnumerableFoldedRow);

    /// <summary>A batch of which only the names count.</summary>
    public static string ToJson(IEnumerable<string> names) => JsonSerializer.Serialize(names, FoldedRowJson.Default.IEnumerableString);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IEnumerable<FoldedRow>))]
[JsonSerializable(typeof(IEnumerable<SegmentStart>))]
[JsonSerializable(typeof(IEnumerable<string>))]
internal sealed partial class FoldedRowJson : JsonSerializerContext;
