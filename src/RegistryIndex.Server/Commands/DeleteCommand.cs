using System.CommandLine;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index delete</c>: removes repositories from the index, even if the registry still has them.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("NAME") { Description = "The names of the repositories, written in full.", Arity = ArgumentArity.OneOrMore };
        names.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value)) is { } blank)
                result.AddError($"NAME '{RepositoryName.Shown(blank.Value)}' is not the name of a repository: write its full name, such as team/app.");
        });
        var command = new Command("delete", "Delete repositories from the index, without contacting or changing the registry. The next event or re-sync adds those again that the registry still has.") { names };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenExistingAsync(parsed, cancellationToken);
            var index = services.GetRequiredService<IRegistryIndex>();
            foreach (var name in parsed.GetRequiredValue(names))
            {
                var isDeleted = await index.DeleteAsync(name, cancellationToken);
                Console.WriteLine(isDeleted ? $"Deleted {RepositoryName.Shown(name)}." : $"The index has no repository {RepositoryName.Shown(name)}.");
            }

            if (services.GetRequiredService<IFollowedSource>().Source is { } source)
                Console.Error.WriteLine($"The next event or re-sync adds those again that {source.Location} still has.");
            return ExitCode.Done;
        }, interrupted: "the deleted repositories are listed above.");
        return command;
    }
}
