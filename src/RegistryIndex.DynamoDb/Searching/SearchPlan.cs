namespace RegistryIndex.DynamoDb.Searching;

/// <summary>The next step of a search.</summary>
internal enum SearchStep
{
    /// <summary>Read the rows of more candidates.</summary>
    Confirm,

    /// <summary>Read some more description postings of the rarest word that does not rank, which may be all that remain.</summary>
    Look,

    /// <summary>Read all description postings of the rarest word that does not rank, so that fewer candidates remain.</summary>
    ReadList,

    /// <summary>Read the rows of all repositories that may fit, according to the lists that have been read, and rank them in memory.</summary>
    Rank,

    /// <summary>Scan the repository table.</summary>
    Scan,
}

/// <summary>Decides the next step of a search from what is known so far.</summary>
/// <param name="Wanted">How many repositories are still needed.</param>
/// <param name="Candidates">
/// The largest possible number of remaining candidates; null if the ranking word's postings have not been read to the end.
/// </param>
/// <param name="Rows">Which words the candidates so far had.</param>
/// <param name="Rarest">The rarest word with unread postings; null if there is none.</param>
internal sealed record SearchPlan(int Wanted, int? Candidates, Tally Rows, WordFilter? Rarest)
{
    // The list of a word that most candidates have saves little.
    private const double MostOfRarest = 0.5;

    // While one candidate in eight fits, reading the rows of a page costs about as much as a list.
    private const double FewFit = 1.0 / 8;

    // A look is worthwhile only if it can save several times its cost.
    private const double ManyLooks = 5;

    /// <summary>The cost of a row.</summary>
    public required double RowUnits { get; init; }

    /// <summary>The cost of reaching a candidate that passes the lists, if postings must be read for that.</summary>
    public required double PostingUnits { get; init; }

    /// <summary>The cost of a look at a list.</summary>
    public required double LookUnits { get; init; }

    /// <summary>The cost of a scan; infinite if no scan is possible.</summary>
    public required double ScanUnits { get; init; }

    /// <summary>
    /// How many repositories may fit, according to the lists that have been read; null if no list says it, or if they are too many to read.
    /// </summary>
    public required int? Names { get; init; }

    /// <summary>The cost of reading the rows of candidates until enough are found.</summary>
    /// <param name="effort">Determines how many candidates are too few to judge by. Until then all candidates are assumed to fit.</param>
    public double ConfirmUnits(SearchEffort effort) => ConfirmUnits(IsKnown(effort) ? Rows.Rate : 1);

    /// <summary>How much the rarest word's list may cost before it is dropped: no more than it can save.</summary>
    public double ListUnits(SearchEffort effort) => Rarest is null ? 0 : ConfirmUnits(effort) * (1 - Rows.RateOf(Rarest));

    public SearchStep Next(SearchEffort effort)
    {
        var confirm = ConfirmUnits(effort);
        if (Names * RowUnits <= confirm)
            return Names * RowUnits <= Math.Max(ScanUnits, effort.Dear) ? SearchStep.Rank : SearchStep.Scan;
        if (ScanUnits > effort.Dear && Rarest is { CanLook: true } && Rows.Tried >= effort.Few / 4 && ConfirmUnits(Rows.Rate) * (1 - Rows.RateOf(Rarest)) > ManyLooks * LookUnits)
            return SearchStep.Look;
        if (confirm <= effort.Dear)
            return SearchStep.Confirm;
        if (ScanUnits > effort.Dear && Rarest is not null && IsKnown(effort) && Rows.Rate < FewFit && Rows.RateOf(Rarest) <= MostOfRarest)
            return SearchStep.ReadList;
        return ScanUnits < confirm ? SearchStep.Scan : SearchStep.Confirm;
    }

    private double ConfirmUnits(double rate)
    {
        var rows = Math.Min(Math.Min(Wanted / rate, Candidates ?? double.PositiveInfinity), Names ?? double.PositiveInfinity);
        return rows * (RowUnits + (Candidates is null ? PostingUnits : 0));
    }

    private bool IsKnown(SearchEffort effort) => Rows.Tried >= effort.Few / 2;
}

/// <summary>How much one request of a client may read, and in which portions a search reads.</summary>
/// <param name="Units">The read units after which the request is answered with what was found.</param>
/// <param name="Few">
/// How many postings of each word are read first, and how many repositories may be read to rank them in memory. After half as many rows,
/// the share that fits is considered known.
/// </param>
/// <param name="Many">How many postings of a list are read at once when many are needed. Later portions are larger.</param>
/// <param name="Stray">How many units a page of one word may spend on postings and rows that turn out not to count.</param>
internal sealed record SearchEffort(double Units = 370, int Few = 100, int Many = 1000, double Stray = 100)
{
    /// <summary>The cost from which a page is expensive enough to look for a cheaper way.</summary>
    public double Dear => Units / 8;

    /// <summary>The units that are reserved for the candidates when lists of other words are read.</summary>
    public double ForCandidates => Units / 2;
}
