using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using RegistryIndex.Registry;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary>The commands, and what a process with these arguments does.</summary>
internal static class CommandLine
{
    // The library breaks lines without end where it has fewer columns than its indents take.
    private const int LeastHelpWidth = 40;

    private static readonly RootCommand Root = CreateRoot();

    /// <param name="args">The arguments.</param>
    /// <param name="cancellationToken">Asks it to end.</param>
    /// <param name="error">Where it is told what went wrong; standard error unless told otherwise.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken, TextWriter? error = null)
    {
        // The same numbers and messages on every host. The runtime's invariant mode would give them, too, but SQL Server's driver refuses to work in it.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        HttpClient.DefaultProxy = EnvironmentProxy.OfProcess; // of the AWS SDK, too: what is on this machine is not asked through a proxy

        var parsed = Root.Parse(args);
        if (error is null) // the process is this command's alone
        {
            // Signals are ours (Termination): the library's own handling begins when a command has run up to its first wait.
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
        catch (OutputException failed) // the help's
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
            143 ended by a second SIGTERM.
            """)
        {
            ServeCommand.Create(),
            LoadCommand.Create(),
            SyncCommand.Create(),
            SearchCommand.Create(),
            DeleteCommand.Create(),
            ImportCommand.Create(),
            ExportCommand.Create(),
            MigrateCommand.Create(),
            VerifyCommand.Create(),
            StatusCommand.Create(),
            ConfigCommand.Create(),
            ConformanceCommand.Create(),
            SweepCommand.Create(),
            RebuildCommand.Create(),
        };
        Settings.AddTo(root);
        return root;
    }
}
