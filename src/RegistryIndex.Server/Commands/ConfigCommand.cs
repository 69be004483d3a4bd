using System.CommandLine;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("config", "Print the settings in force and their sources, with secrets redacted, and check them.") { json, ServeCommand.Urls };
        command.Runs((parsed, cancellationToken) =>
        {
            var layers = Settings.ReadLayers(parsed, cancellationToken);
            var settings = EffectiveSettings.Read(layers);
            if (parsed.GetValue(json))
                EffectiveSettings.WriteJson(settings, Console.Out);
            else
                EffectiveSettings.WriteText(settings, Console.Out);
            CommandServices.Build(SettingsCheck.Settle(layers)).Dispose(); // after the output, which helps to find a mistake
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
