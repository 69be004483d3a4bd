using Microsoft.Extensions.Options;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.References;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Web;

/// <summary><c>GET /ui/r/NAME</c>: what is known of one repository, and its tags when they are asked for.</summary>
internal static class RepositoryPages
{
    public static async Task<IResult> GetAsync(
        HttpContext context, IRegistryIndex index, TagLists lists, IOptions<PublicUrlOptions> registry, string name, string? tags) =>
        await index.GetAsync(name.TrimEnd('/'), context.RequestAborted) is { } repository
            ? new Answer(lists, registry.Value.Address, repository, tags)
            : RepositoriesEndpoint.NotFound(context, name);

    // Asks the registry while the answer is sent: by then the turn to read the index has ended, which a slow registry must not keep.
    private sealed class Answer(TagLists lists, Uri? registry, Repository repository, string? tags) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext) => await new WebPage<RepositoryPage>(new()
        {
            [nameof(RepositoryPage.Repository)] = repository,
            [nameof(RepositoryPage.Commands)] = registry is null ? null : PullCommands.Every(registry, repository).ToArray(),
            [nameof(RepositoryPage.HasTags)] = lists.CanAskFor(repository.Name),
            [nameof(RepositoryPage.Tags)] = tags is not null && lists.CanAskFor(repository.Name) ? await ListTagsAsync(tags, httpContext.RequestAborted) : null,
        }).ExecuteAsync(httpContext);

        private async Task<TagsShown> ListTagsAsync(string continuation, CancellationToken cancellationToken)
        {
            try
            {
                return TagPage.Read(await lists.FindAsync(repository.Name, cancellationToken) ?? [], TagPage.DefaultSize, continuation.Length > 0 ? continuation : null) is { } page
                    ? new(page.Tags, page.Continuation, IsFirst: continuation.Length == 0)
                    : new([], null, IsFirst: false, "These tags are not listed any more: start with the first.");
            }
            catch (RegistrySourceException)
            {
                return new([], null, IsFirst: continuation.Length == 0, "The registry cannot be asked for the tags at the moment; try again in a few seconds.");
            }
        }
    }
}

/// <summary>The tags on a page.</summary>
/// <param name="Tags">The tags.</param>
/// <param name="Continuation">Where the next page starts; null when nothing follows.</param>
/// <param name="IsFirst">Whether this is the first page.</param>
/// <param name="Problem">Why there are none, in one sentence; null when nothing is wrong.</param>
public sealed record TagsShown(IReadOnlyList<ListedTag> Tags, string? Continuation, bool IsFirst, string? Problem = null);
