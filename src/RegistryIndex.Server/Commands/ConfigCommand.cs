using System.CommandLine;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("config", "Print the settings in force and where each comes from, secrets redacted.") { json, ServeCommand.Urls };
        command.Runs((parsed, _) =>
        {
            var settings = EffectiveSettings.Read(Settings.Read(parsed));
            if (parsed.GetValue(json))
                EffectiveSettings.WriteJson(settings, Console.Out);
            else
                EffectiveSettings.WriteText(settings, Console.Out);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
