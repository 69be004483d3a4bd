using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using RegistryIndex.Registry;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary>Defines the commands, and runs the one that a process's arguments name.</summary>
internal static class CommandLine
{
    // The library breaks lines endlessly when the width is smaller than its indents.
    private const int LeastHelpWidth = 40;

    private static readonly RootCommand Root = CreateRoot();

    /// <param name="args">The arguments.</param>
    /// <param name="cancellationToken">Requests the end of the command.</param>
    /// <param name="error">Receives errors; standard error by default.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken, TextWriter? error = null)
    {
        // Numbers and messages must be the same on every host. The runtime's invariant mode would have the same effect, but SQL Server's
        // driver refuses to work in it.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        HttpClient.DefaultProxy = EnvironmentProxy.OfProcess; // for the AWS SDK too: hosts on this machine are not reached through a proxy

        var parsed = Root.Parse(args);
        if (error is null) // the process runs only this command
        {
            // Termination handles signals: the library's own handling begins only after a command's first wait.
            StandardStreams.Take(isLog: parsed.CommandResult.Command.Name == ServeCommand.Name, cancellationToken);
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => Environment.Exit(Runner.SayDefect((Exception)unhandled.ExceptionObject, parsed));
        }

        if (args.Length > 0 && (parsed.Action is ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action) && UsageMistakes.Find(parsed) is { Count: > 0 } mistakes)
            return Runner.Say(parsed, mistakes, ExitCode.Mistake, error);

        if (parsed.Action is HelpAction help)
            help.MaxWidth = Math.Max(help.MaxWidth, LeastHelpWidth);
        try
        {
            var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Error = error ?? Console.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
            return parsed.Errors.Count > 0 ? ExitCode.Mistake : exitCode;
        }
        catch (OutputException failed) // thrown while the help is written
        {
            return Runner.Say(parsed, [$"{failed.Message}."], failed.ExitCode, error);
        }
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            """
            registry-index: a search index beside a container registry.

            Exit codes: 0 done, 1 failed or some rows refused, 2 a mistake in arguments or configuration, 130 interrupted
            (Ctrl-C or SIGTERM; a second one ends it at once), 141 the reader of the output has gone away,
            143 ended by a second SIGTERM. An interrupted serve ends with 0.
            """)
        {
            ServeCommand.Create(),
            LoadCommand.Create(),
            SyncCommand.Create(),
            SearchCommand.Create(),
            ShowCommand.Create(),
            DeleteCommand.Create(),
            ImportCommand.Create(),
            ExportCommand.Create(),
            MigrateCommand.Create(),
            VerifyCommand.Create(),
            StatusCommand.Create(),
            HealthcheckCommand.Create(),
            ConfigCommand.Create(),
            ConformanceCommand.Create(),
            SweepCommand.Create(),
            RebuildCommand.Create(),
        };
        Settings.AddTo(root);
        return root;
    }
}
