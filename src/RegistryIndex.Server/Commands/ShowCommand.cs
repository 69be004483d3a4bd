using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.References;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index show</c>: shows one repository with its facts, its tags and its pull commands.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The repository, by its full name or by a reference to one of its images." };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("show", "Show what the index knows of a repository, the tags that its registry lists now, and how to pull it.") { name, json };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenForReadingAsync(parsed, cancellationToken, asksRegistry: true);
            var typed = parsed.GetRequiredValue(name);
            var index = services.GetRequiredService<IRegistryIndex>();
            if ((await index.GetAsync(typed, cancellationToken) ?? await index.GetAsync(ImageReference.NameIn(typed), cancellationToken)) is not { } repository)
                return Runner.Say(parsed, [$"The index has no repository {RepositoryName.Shown(typed)}: search for it with 'registry-index search WORD'."], ExitCode.Failed);
            var (tags, problem) = await ListTagsAsync(services, repository.Name, cancellationToken);
            var registry = services.GetRequiredService<IOptions<PublicUrlOptions>>().Value.Address;
            var commands = registry is null ? [] : PullCommands.Of(registry, repository);
            if (parsed.GetValue(json))
            {
                var shown = new ShownRepository(repository.Name, repository.Description, repository.Facts, tags?.Select(tag => new TagAnswer(tag.Name, tag.Digest, tag.PushedAt)).ToList(), commands);
                Console.WriteLine(JsonSerializer.Serialize(shown, ServerJson.Default.ShownRepository));
            }
            else
            {
                RepositoryFactsText.Write(Console.Out, repository, tags, registry is null ? ["set registry_public_url to see how to pull it"] : commands);
            }

            return problem is null ? ExitCode.Done : Runner.Say(parsed, [problem], ExitCode.Failed);
        });
        return command;
    }

    private static async Task<(IReadOnlyList<ListedTag>? Tags, string? Problem)> ListTagsAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IFollowedSource>().Source is not { } source || RepositoryName.FindProblem(name) is not null)
            return (null, null);
        try
        {
            return (await source.ListTagsAsync(name, cancellationToken), null);
        }
        catch (RegistrySourceException error)
        {
            return (null, error.Message); // the content of the index is shown nevertheless
        }
    }
}
