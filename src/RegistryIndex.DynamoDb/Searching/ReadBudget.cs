using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>How much may still be read for a page, and for the request of a client that it is a part of.</summary>
/// <param name="log">Counts what is read.</param>
/// <param name="units">The read units that the request may spend from here.</param>
/// <param name="unitsOfPage">Those of them that may go into the page.</param>
/// <param name="tables">What is read.</param>
internal sealed class ReadBudget(RequestLog log, double units, double unitsOfPage, SearchTables tables)
{
    private const double BlockBytes = 4096;

    private readonly double _begin = log.Units.Read;
    private readonly double _blockUnits = tables.IsConsistent ? 1 : 0.5;

    public RequestLog Log { get; } = log;

    public double Spent => Log.Units.Read - _begin;

    public double Left => Math.Min(LeftOfRequest, unitsOfPage - Spent);

    public double LeftOfRequest => units - Spent;

    /// <summary>What a row costs that is as its posting says.</summary>
    public double RowUnits => _blockUnits;

    /// <inheritdoc cref="SearchTables.MostRowUnits"/>
    public double MostRowUnits => tables.MostRowUnits;

    /// <summary>How many rows may be read, whatever they say.</summary>
    public int Rows => (int)Math.Max(0, Left / MostRowUnits);

    /// <summary>How many bytes can be read at once for so many units, less a block: what is read is rounded up, and items differ.</summary>
    public double BytesFor(double units) => Math.Max(0, Math.Floor(units / _blockUnits) - 1) * BlockBytes;

    /// <summary>What it costs to read so many bytes at once.</summary>
    public double UnitsOf(double bytes) => bytes / BlockBytes * _blockUnits;
}
