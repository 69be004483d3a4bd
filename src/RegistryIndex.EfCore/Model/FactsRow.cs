using System.Text.Json;

namespace RegistryIndex.EfCore.Model;

/// <summary>A row of <c>registry_index_facts</c>. Every repository with facts has one.</summary>
/// <param name="Name">The repository's name.</param>
/// <param name="Push">Its place in the order of the last push (<see cref="PushOrder.TextOf"/>).</param>
/// <param name="Facts">Its facts as JSON.</param>
internal sealed record FactsRow(string Name, string Push, string? Facts)
{
    public static FactsRow Of(Repository repository) => new(repository.Name, PushOrder.TextOf(repository.Facts?.PushedAt), repository.Facts?.ToJson());

    /// <summary>Converts a batch to one parameter.</summary>
    public static byte[] ToUtf8Json(IEnumerable<FactsRow> rows) => JsonSerializer.SerializeToUtf8Bytes(rows, FoldedRowJson.Default.IEnumerableFactsRow);
}
