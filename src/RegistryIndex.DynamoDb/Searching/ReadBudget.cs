using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>How much may still be read for a page, and for the client's request that the page is part of.</summary>
/// <param name="log">Counts the cost.</param>
/// <param name="units">The read units that the request may still spend.</param>
/// <param name="unitsOfPage">How many of these units the page may spend.</param>
/// <param name="tables">The tables that are read.</param>
internal sealed class ReadBudget(RequestLog log, double units, double unitsOfPage, SearchTables tables)
{
    private const double BlockBytes = 4096;

    private readonly double _begin = log.Units.Read;
    private readonly double _blockUnits = tables.IsConsistent ? 1 : 0.5;

    public RequestLog Log { get; } = log;

    public double Spent => Log.Units.Read - _begin;

    public double Left => Math.Min(LeftOfRequest, unitsOfPage - Spent);

    public double LeftOfRequest => units - Spent;

    /// <summary>The cost of a row that agrees with its posting.</summary>
    public double RowUnits => _blockUnits;

    /// <inheritdoc cref="SearchTables.MostRowUnits"/>
    public double MostRowUnits => tables.MostRowUnits;

    /// <summary>How many rows may be read, whether they agree with their postings or not.</summary>
    public int Rows => (int)Math.Max(0, Left / MostRowUnits);

    /// <summary>
    /// How many bytes can be read at once for a number of units, less a block, because reads are rounded up and items differ in size.
    /// </summary>
    public double BytesFor(double units) => Math.Max(0, Math.Floor(units / _blockUnits) - 1) * BlockBytes;

    /// <summary>The cost of reading a number of bytes at once.</summary>
    public double UnitsOf(double bytes) => bytes / BlockBytes * _blockUnits;
}
