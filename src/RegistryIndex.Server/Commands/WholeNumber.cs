using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace RegistryIndex.Server.Commands;

/// <summary>Options whose value is an integer within limits.</summary>
internal static class WholeNumber
{
    /// <summary>Sets the parser of the option; an invalid value gives one sentence, as the library's own message would name a .NET type.</summary>
    public static Option<T> Within<T>(this Option<T> option, int least, int most = int.MaxValue)
    {
        option.HelpName ??= "N";
        option.CustomParser = result =>
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return (T)(object)number;
            var typed = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? option.Name;
            result.AddError($"{typed} '{RepositoryName.Shown(text)}' is not a whole number from {least} {(most == int.MaxValue ? "on" : $"to {most}")}.");
            return default;
        };
        return option;
    }
}
