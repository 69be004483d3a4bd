namespace RegistryIndex.DynamoDb.Requests;

/// <summary>What the requests of one call of the index cost; handed down explicitly to whatever sends one. Thread-safe.</summary>
/// <param name="operation">The call, in a word, as errors and metrics show it.</param>
internal sealed class RequestLog(string operation)
{
    private readonly Lock _gate = new();
    private Units _units;
    private int _requests;

    public string Operation { get; } = operation;

    /// <summary>Whether it reads a whole table, or many rows, that nobody waits for: as fast as <c>max_read_units</c> lets it.</summary>
    public bool IsBulk { get; init; }

    /// <summary>Told when DynamoDB asks to slow down.</summary>
    public Action? Throttled { get; init; }

    public Units Units
    {
        get
        {
            lock (_gate)
                return _units;
        }
    }

    public int Requests
    {
        get
        {
            lock (_gate)
                return _requests;
        }
    }

    public void Add(Units units)
    {
        lock (_gate)
        {
            _units += units;
            _requests++;
        }
    }
}

/// <summary>Billed request units.</summary>
internal readonly record struct Units(double Read, double Write)
{
    public static Units operator +(Units left, Units right) => new(left.Read + right.Read, left.Write + right.Write);
}
