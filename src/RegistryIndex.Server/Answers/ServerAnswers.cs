using System.Text.Json.Serialization;
using RegistryIndex.Server.Output;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Answers;

/// <summary>Quay's envelope around docker's rows, and the continuation of the next page.</summary>
internal sealed record SearchAnswer(
    string Query, int NumResults, int NumPages, int Page, int PageSize, IEnumerable<SearchRow> Results, string? Continuation)
{
    public static SearchAnswer Of(string query, int page, int size, IReadOnlyList<Repository> repositories, string? continuation) => new(
        query, repositories.Count, continuation is null ? page : page + 1, page, size, repositories.Select(SearchRow.Of), continuation);
}

/// <summary>What docker and podman show of a repository. Stars and badges are Docker Hub's; here nobody gives them.</summary>
internal sealed record SearchRow(string Name, string? Description, int StarCount, bool IsOfficial, bool IsAutomated)
{
    public static SearchRow Of(Repository repository) => new(repository.Name, repository.Description, 0, false, false);
}

internal sealed record CatalogAnswer(IReadOnlyList<string> Repositories);

internal sealed record HealthAnswer(string Status, string? Backend = null, string? FirstLoad = null, string? Problem = null, FollowingAnswer? Following = null)
{
    /// <summary>How the secondary keeps up, where there is a mirror.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MirrorAnswer? Mirror { get; init; }
}

/// <summary>What <c>/readyz</c> says to those who have not logged in where that is needed.</summary>
internal sealed record ReadinessAnswer(string Status, string Details);

/// <summary>How the index follows its registry.</summary>
/// <param name="Registry">Where it is, or its storage; null where events are all there is.</param>
/// <param name="Up">Whether it answered when it was last asked.</param>
/// <param name="Problem">Why not, or why the last re-sync failed, or what it could not read.</param>
/// <param name="Pending">How many repositories wait to be looked up.</param>
/// <param name="LastSync">When the last re-sync ended.</param>
/// <param name="Withheld">How many repositories it did not remove, as they are too many at once.</param>
/// <param name="SyncNeeded">Whether something was left to the next one.</param>
/// <param name="Unread">How many repositories or directories could not be read when all were read last.</param>
internal sealed record FollowingAnswer(string? Registry, bool Up, string? Problem, int Pending, DateTimeOffset? LastSync, long Withheld, bool SyncNeeded, long Unread)
{
    public static FollowingAnswer Of(FollowingStatus status) => new(
        status.Location, status.IsUp, status.Problem, status.Pending, status.LastSync, status.Withheld, status.IsSyncNeeded, status.Unread);
}

/// <summary>A mirror as <c>/readyz</c> shows it; what failed is in the server's log.</summary>
internal sealed record MirrorAnswer(string Secondary, int Pending, long Missed);

/// <summary>An error outside the registry API.</summary>
internal sealed record ErrorAnswer(string Error);

/// <summary>An error in the registry's own form (OCI distribution-spec, "Error Codes").</summary>
internal sealed record RegistryErrorAnswer(IReadOnlyList<RegistryError> Errors);

internal sealed record RegistryError(string Code, string Message);

/// <summary>Docker's ping has no body to speak of; a registry answers an empty object.</summary>
internal sealed record EmptyAnswer;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.Never, Converters = [typeof(HarmlessTextConverter)])]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(CatalogAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadinessAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(RegistryErrorAnswer))]
[JsonSerializable(typeof(EmptyAnswer))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ServerJson : JsonSerializerContext;
