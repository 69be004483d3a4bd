using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Answers;

/// <summary>What this server is.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Provider">The provider of its index.</param>
/// <param name="Capabilities">What can be asked of it: <c>facts</c>, <c>order_by_push</c> and <c>tags</c>.</param>
internal sealed record ApiAnswer(string Version, string Provider, IReadOnlyList<string> Capabilities);

/// <summary>A page of repositories.</summary>
/// <param name="Repositories">The repositories, in the order that was asked for.</param>
/// <param name="Continuation">What the next request bears to go on after this page; absent where nothing follows.</param>
internal sealed record RepositoriesAnswer(
    IReadOnlyList<RepositoryAnswer> Repositories,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Continuation);

/// <summary>A repository as the index knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is about; absent where that is not known.</param>
/// <param name="Facts">What its registry says of the tag that represents it; absent if nothing is known.</param>
internal sealed record RepositoryAnswer(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RepositoryFacts? Facts)
{
    public static RepositoryAnswer Of(Repository repository) => new(repository.Name, repository.Description, repository.Facts);
}

/// <summary>A page of the tags of a repository.</summary>
/// <param name="Name">The repository.</param>
/// <param name="Tags">Its tags, the newest first where their times are known, else the highest version first.</param>
/// <param name="Continuation">What the next request bears to go on after this page; absent where nothing follows.</param>
internal sealed record TagsAnswer(
    string Name,
    IReadOnlyList<TagAnswer> Tags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Continuation);

/// <summary>A tag.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">The digest that it points at; absent where the registry does not tell without being read.</param>
/// <param name="PushedAt">When it was pushed; absent where the registry does not tell.</param>
internal sealed record TagAnswer(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Digest,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? PushedAt);

/// <summary>A repository and its tags, as a command shows them.</summary>
internal sealed record ShownRepository(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RepositoryFacts? Facts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TagAnswer>? Tags,
    IReadOnlyList<string> Commands);
