using System.CommandLine;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index delete</c>: takes repositories out of the index, whatever the registry says.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("NAME") { Description = "The repositories, by their whole names.", Arity = ArgumentArity.OneOrMore };
        names.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value)) is { } blank)
                result.AddError($"NAME '{RepositoryName.Shown(blank.Value)}' is the name of no repository: write its whole name, such as team/app.");
        });
        var command = new Command("delete", "Delete repositories from the index; the registry is neither asked nor changed. What it still has, the next event or re-sync brings back.") { names };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenExistingAsync(parsed, cancellationToken);
            var index = services.GetRequiredService<IRegistryIndex>();
            foreach (var name in parsed.GetRequiredValue(names))
            {
                var isDeleted = await index.DeleteAsync(name, cancellationToken);
                Console.WriteLine(isDeleted ? $"Deleted {RepositoryName.Shown(name)}." : $"There is no {RepositoryName.Shown(name)} in the index.");
            }

            if (services.GetRequiredService<IFollowedSource>().Source is { } source)
                Console.Error.WriteLine($"What is still in {source.Location}, the next event or re-sync brings back.");
            return ExitCode.Done;
        }, interrupted: "what was deleted is said above.");
        return command;
    }
}
