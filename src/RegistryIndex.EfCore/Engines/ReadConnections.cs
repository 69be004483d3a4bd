using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Engines;

/// <summary>The connections that nobody reads with at the moment, of a database or of the file that is in its place. Thread-safe.</summary>
/// <param name="most">How many are kept at most.</param>
public sealed class ReadConnections(int most) : IDisposable
{
    /// <summary>Keeps none.</summary>
    public static readonly ReadConnections None = new(0);

    private readonly Lock _gate = new();
    private readonly Stack<ReadConnection> _idle = new();
    private bool _isClosed;

    /// <summary>Takes a connection.</summary>
    /// <returns>Null where there is none, and one has to be made.</returns>
    internal ReadConnection? Take()
    {
        lock (_gate)
            return _idle.TryPop(out var connection) ? connection : null;
    }

    /// <summary>Gives a connection back after a read that did not fail.</summary>
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

    /// <summary>Closes all: those that are read with when they are given back.</summary>
    public void Dispose()
    {
        lock (_gate)
            _isClosed = true;
        while (Take() is { } connection)
            connection.Dispose();
    }
}
