namespace RegistryIndex.DynamoDb.Requests;

/// <summary>The cost of the requests of one call of the index. The call passes it to all code that sends requests. Thread-safe.</summary>
/// <param name="operation">The name of the call in errors and metrics.</param>
internal sealed class RequestLog(string operation)
{
    private readonly Lock _gate = new();
    private Units _units;
    private int _requests;

    public string Operation { get; } = operation;

    /// <summary>Whether the call reads a whole table, or many rows, in the background, and is limited by <c>max_read_units</c>.</summary>
    public bool IsBulk { get; init; }

    /// <summary>Called when DynamoDB throttles a request.</summary>
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
