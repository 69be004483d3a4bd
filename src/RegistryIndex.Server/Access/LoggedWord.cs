namespace RegistryIndex.Server.Access;

/// <summary>Text of a client, as one word of a log line.</summary>
internal static class LoggedWord
{
    /// <summary>
    /// Returns the text without spaces, so that no client can write a line that fail2ban would take for one about another address; <c>-</c> for
    /// no text, such as the path of <c>OPTIONS *</c>.
    /// </summary>
    public static string Of(string text) => text.Length == 0 ? "-" : RepositoryName.Shown(text).Replace(" ", "%20", StringComparison.Ordinal);
}
