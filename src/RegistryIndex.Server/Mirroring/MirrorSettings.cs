using System.Globalization;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Indexes;

namespace RegistryIndex.Server.Mirroring;

/// <summary>The settings below <c>mirror</c>.</summary>
/// <param name="Primary">The index that is read and whose content counts.</param>
/// <param name="Secondary">The index that follows.</param>
/// <param name="Compare">The share of the searches that is compared with the secondary, 0 to 1.</param>
internal sealed record MirrorSettings(NamedIndex Primary, NamedIndex Secondary, double Compare)
{
    /// <exception cref="ConfigurationMistakeException">A setting is missing or wrong.</exception>
    public static MirrorSettings Read(IConfiguration configuration)
    {
        var (primary, secondary) = (PlaceOf("primary"), PlaceOf("secondary"));
        if (primary.Text == secondary.Text)
            throw new ConfigurationMistakeException("mirror:primary and mirror:secondary are the same index; name two different ones.");
        var text = configuration["mirror:compare"];
        var compare = 0.0;
        if (!string.IsNullOrEmpty(text) && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out compare) && compare is >= 0 and <= 1))
            throw new ConfigurationMistakeException($"mirror:compare '{text}' is not the part of the searches to compare; write a number from 0 to 1, such as 0.01.");
        return new(primary, secondary, compare);

        NamedIndex PlaceOf(string key)
        {
            if (configuration[$"mirror:{key}"] is not { Length: > 0 } side)
                throw new ConfigurationMistakeException($"search_backend is mirror, but mirror:{key} is not set; set it to {NamedIndex.Forms}.");
            try
            {
                var parsed = NamedIndex.Parse(side, configuration);
                OpenedIndex.Check(parsed);
                return parsed;
            }
            catch (ConfigurationMistakeException error)
            {
                throw new ConfigurationMistakeException(WrittenSetting.Find(configuration, $"mirror:{key}")!.Sentence($"that cannot be opened: {error.Message.TrimEnd('.')}"), error) { IsExplained = true };
            }
        }
    }
}
