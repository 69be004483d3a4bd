using System.Data.Common;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// Sets connection options, and reports errors with the names that the user wrote. A driver's own messages name its
/// API, or the value, which may be a secret.
/// </summary>
public static class ConnectionOption
{
    /// <summary>Sets an option.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="engine">The engine of the driver.</param>
    /// <param name="name">The driver's name of the option.</param>
    /// <param name="value">The value.</param>
    /// <param name="written">The name that the user wrote.</param>
    /// <exception cref="FormatException">The driver does not know the option or accept the value; the message is the end of a sentence.</exception>
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
            throw new FormatException($"has the option '{written}' for {engine.Name}, which {engine.Driver} does not know, or whose value it does not accept; remove it", error);
        }
    }

    /// <summary>
    /// Finds the first option of a connection string that its driver does not accept; null if the driver accepts each one by itself.
    /// </summary>
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
