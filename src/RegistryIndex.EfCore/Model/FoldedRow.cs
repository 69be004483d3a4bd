using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.EfCore.Model;

/// <summary>A repository with its folded texts, as it is written to the tables.</summary>
/// <param name="Id">Its id in <c>repository</c>; 0 if it has none yet, or if the id is not needed.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description, as it is stored.</param>
/// <param name="FoldedName">Its name, folded.</param>
/// <param name="FoldedDescription">Its description, folded.</param>
internal sealed record FoldedRow(int Id, string Name, string? Description, string FoldedName, string FoldedDescription)
{
    /// <summary>Folds a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="toStored">Converts its description to the form that the database stores.</param>
    /// <param name="id">Its id; 0 if it has none yet.</param>
    public static FoldedRow Of(Repository repository, Func<string?, string?> toStored, int id = 0) => new(
        id, repository.Name, toStored(repository.Description), Folding.Fold(repository.Name), Folding.Fold(repository.Description ?? ""));

    /// <summary>Converts a batch to one UTF-8 parameter, so that a statement costs the same for one row and for a thousand.</summary>
    public static byte[] ToUtf8Json(IEnumerable<FoldedRow> rows) => JsonSerializer.SerializeToUtf8Bytes(rows, FoldedRowJson.Default.IEnumerableFoldedRow);

    /// <summary>Converts a batch of names.</summary>
    public static string ToJson(IEnumerable<string> names) => JsonSerializer.Serialize(names, FoldedRowJson.Default.IEnumerableString);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IEnumerable<FoldedRow>))]
[JsonSerializable(typeof(IEnumerable<FactsRow>))]
[JsonSerializable(typeof(IEnumerable<SegmentStart>))]
[JsonSerializable(typeof(IEnumerable<string>))]
internal sealed partial class FoldedRowJson : JsonSerializerContext;
