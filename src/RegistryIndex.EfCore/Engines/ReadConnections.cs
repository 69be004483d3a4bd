
namespace RegistryIndex.EfCore.Engines;

/// <summary>The idle connections for reading a database, or the file that is in its place. Thread-safe.</summary>
/// <param name="most">How many connections are kept.</param>
public sealed class ReadConnections(int most) : IDisposable
{
    /// <summary>Keeps no connections.</summary>
    public static readonly ReadConnections None = new(0);

    private readonly Lock _gate = new();
    private readonly Stack<ReadConnection> _idle = new();
    private bool _isClosed;

    /// <summary>Takes a connection.</summary>
    /// <returns>Null if there is no idle connection, and the caller must create one.</returns>
    internal ReadConnection? Take()
    {
        lock (_gate)
            return _idle.TryPop(out var connection) ? connection : null;
    }

    /// <summary>Returns a connection after a read that did not fail.</summary>
    internal void GiveBack(ReadConnection connection)
    {
        connection.Rest();
        lock (_gate)
        {
            if (!_isClosed && _idle.Count < most)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes all connections; those in use are closed when they are returned.</summary>
    public void Dispose()
    {
        lock (_gate)
            _isClosed = true;
        while (Take() is { } connection)
            connection.Dispose();
    }
}
