using System.Text.Json.Serialization;
using RegistryIndex.Server.Output;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Answers;

/// <summary>Quay's envelope around docker's rows, with the continuation of the next page.</summary>
internal sealed record SearchAnswer(
    string Query, int NumResults, int NumPages, int Page, int PageSize, IEnumerable<SearchRow> Results, string? Continuation)
{
    public static SearchAnswer Of(string query, int page, int size, IReadOnlyList<Repository> repositories, string? continuation) => new(
        query, repositories.Count, continuation is null ? page : page + 1, page, size, repositories.Select(SearchRow.Of), continuation);
}

/// <summary>The fields of a repository that docker and podman show. Stars and badges are Docker Hub's; this server has none.</summary>
internal sealed record SearchRow(string Name, string? Description, int StarCount, bool IsOfficial, bool IsAutomated)
{
    /// <summary>The facts of the repository, for the search command; answers to docker omit them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RepositoryFacts? Facts { get; init; }

    public static SearchRow Of(Repository repository) => new(repository.Name, repository.Description, 0, false, false);

    public static SearchRow WithFactsOf(Repository repository) => Of(repository) with { Facts = repository.Facts };
}

internal sealed record CatalogAnswer(IReadOnlyList<string> Repositories);

internal sealed record HealthAnswer(string Status, string? Backend = null, string? FirstLoad = null, string? Problem = null, FollowingAnswer? Following = null)
{
    /// <summary>The state of the secondary, when a mirror is configured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MirrorAnswer? Mirror { get; init; }
}

/// <summary>The answer of <c>/readyz</c> to clients without the required login.</summary>
internal sealed record ReadinessAnswer(string Status, string Details);

/// <summary>How the index follows its registry.</summary>
/// <param name="Registry">The location of the registry or of its storage; null where the index has events only.</param>
/// <param name="Up">Whether the registry answered the last request.</param>
/// <param name="Problem">Why it did not answer, why the last re-sync failed, or what the re-sync could not read.</param>
/// <param name="Pending">How many repositories wait for their look-up.</param>
/// <param name="LastSync">When the last re-sync ended.</param>
/// <param name="Withheld">How many repositories the last re-sync kept because removing them would exceed the limit of a single run.</param>
/// <param name="SyncNeeded">Whether the next re-sync has work left over from events.</param>
/// <param name="Unread">How many repositories or directories the last full read could not read.</param>
internal sealed record FollowingAnswer(string? Registry, bool Up, string? Problem, int Pending, DateTimeOffset? LastSync, long Withheld, bool SyncNeeded, long Unread)
{
    public static FollowingAnswer Of(FollowingStatus status) => new(
        status.Location, status.IsUp, status.Problem, status.Pending, status.LastSync, status.Withheld, status.IsSyncNeeded, status.Unread);
}

/// <summary>The state of a mirror in <c>/readyz</c>; failures are in the server's log.</summary>
internal sealed record MirrorAnswer(string Secondary, int Pending, long Missed);

/// <summary>An error outside the registry API.</summary>
internal sealed record ErrorAnswer(string Error);

/// <summary>An error in the registry's own form (OCI distribution-spec, "Error Codes").</summary>
internal sealed record RegistryErrorAnswer(IReadOnlyList<RegistryError> Errors);

internal sealed record RegistryError(string Code, string Message);

/// <summary>The answer to docker's ping: an empty object, as a registry answers.</summary>
internal sealed record EmptyAnswer;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.Never, Converters = [typeof(HarmlessTextConverter)])]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(CatalogAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadinessAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(RegistryErrorAnswer))]
[JsonSerializable(typeof(EmptyAnswer))]
[JsonSerializable(typeof(ApiAnswer))]
[JsonSerializable(typeof(RepositoriesAnswer))]
[JsonSerializable(typeof(RepositoryAnswer))]
[JsonSerializable(typeof(TagsAnswer))]
[JsonSerializable(typeof(ShownRepository))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ServerJson : JsonSerializerContext;
