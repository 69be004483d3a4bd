using System.Data.Common;

namespace RegistryIndex.EfCore.Engines;

/// <summary>Options of connections, in the words of those who wrote them: what the drivers say names their own API, or the value, which may be a secret.</summary>
public static class ConnectionOption
{
    /// <summary>Sets an option.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="engine">Whose driver it is.</param>
    /// <param name="name">What the driver calls it.</param>
    /// <param name="value">Its value.</param>
    /// <param name="written">What it was written as.</param>
    /// <exception cref="FormatException">The driver does not know it or its value; the message is the end of a sentence.</exception>
    public static void Set(DbConnectionStringBuilder connection, IDatabaseEngine engine, string name, string? value, string written)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(engine);
        try
        {
            connection[name] = value!;
        }
        catch (Exception error) when (error is ArgumentException or KeyNotFoundException or FormatException or InvalidCastException or OverflowException)
        {
            throw new FormatException($"has the option '{written}' for {engine.Name}, which, or whose value, {engine.Driver} does not know; leave it out", error);
        }
    }

    /// <summary>The first option of a connection string that its driver does not take; null where each by itself is right.</summary>
    internal static FormatException? FindUnknown(IDatabaseEngine engine, DbConnectionStringBuilder words)
    {
        var connection = engine.NewConnectionString();
        foreach (string name in words.Keys)
        {
            try
            {
                Set(connection, engine, name, words[name].ToString(), name);
            }
            catch (FormatException error)
            {
                return error;
            }
        }

        return null;
    }
}
