using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Web;

/// <summary><c>GET /ui/n/PREFIX/</c>: the repositories under a namespace, by name.</summary>
internal static class NamespacePages
{
    private const int Size = 100;

    public static async Task<IResult> ListAsync(HttpContext context, IRegistryIndex index, string prefix, string? after)
    {
        var start = prefix.TrimEnd('/') + "/";
        var repositories = new List<Repository>(Size);
        var goesOn = false;
        await foreach (var repository in index.ListAsync(after is not null && after.StartsWith(start, StringComparison.Ordinal) ? after : start, Size + 1, context.RequestAborted))
        {
            if (!repository.Name.StartsWith(start, StringComparison.Ordinal))
                break;
            goesOn = repositories.Count == Size;
            if (!goesOn)
                repositories.Add(repository);
        }

        if (repositories.Count == 0 && string.IsNullOrEmpty(after))
            return Errors.For(context, StatusCodes.Status404NotFound, $"The index has no repositories under '{RepositoryName.Shown(start)}'.");
        return new WebPage<NamespacePage>(new()
        {
            [nameof(NamespacePage.Prefix)] = start[..^1],
            [nameof(NamespacePage.Repositories)] = repositories,
            [nameof(NamespacePage.IsFirst)] = string.IsNullOrEmpty(after),
            [nameof(NamespacePage.After)] = goesOn ? repositories[^1].Name : null,
        });
    }
}
