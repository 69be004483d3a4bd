namespace RegistryIndex.DynamoDb.Searching;

/// <summary>What a search may do next.</summary>
internal enum SearchStep
{
    /// <summary>Read the rows of further candidates.</summary>
    Confirm,

    /// <summary>Read on a little in the descriptions' postings of the rarest word that does not rank: there may be no more of them.</summary>
    Look,

    /// <summary>Read the descriptions' postings of the rarest word that does not rank, so that fewer candidates are left.</summary>
    ReadList,

    /// <summary>Read the rows of all repositories that may fit, as the lists that have been read say, and rank them here.</summary>
    Rank,

    /// <summary>Read the repository table, which says all of it.</summary>
    Scan,
}

/// <summary>Decides what a search does next, by what is known by then.</summary>
/// <param name="Wanted">How many repositories are wanted yet.</param>
/// <param name="Candidates">How many candidates are left at most; null where the ranking word's postings have not been read to the end.</param>
/// <param name="Rows">What the candidates so far turned out to have.</param>
/// <param name="Rarest">The rarest word whose postings can be read on; null where there is none.</param>
internal sealed record SearchPlan(int Wanted, int? Candidates, Tally Rows, WordFilter? Rarest)
{
    // A word that most candidates have spares little.
    private const double MostOfRarest = 0.5;

    // While one candidate in eight fits, a page of their rows costs about as much as a list.
    private const double FewFit = 1.0 / 8;

    // A look is worth it where what it can spare costs several times as much.
    private const double ManyLooks = 5;

    /// <summary>What a row costs.</summary>
    public required double RowUnits { get; init; }

    /// <summary>What it costs to come to a candidate that the lists let pass, where postings have to be read for that.</summary>
    public required double PostingUnits { get; init; }

    /// <summary>What a look at a list costs.</summary>
    public required double LookUnits { get; init; }

    /// <summary>What a scan costs; infinite where none can be made.</summary>
    public required double ScanUnits { get; init; }

    /// <summary>How many repositories may fit, as the lists say that have been read; null where none says it, or they are too many to be read.</summary>
    public required int? Names { get; init; }

    /// <summary>What it would cost to go on reading the rows of all candidates until enough are found.</summary>
    /// <param name="effort">Says how many candidates are too few to judge by: until then all count as fit.</param>
    public double ConfirmUnits(SearchEffort effort) => ConfirmUnits(IsKnown(effort) ? Rows.Rate : 1);

    /// <summary>How much the rarest word's list may cost until it is dropped: no more than it can spare.</summary>
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

/// <summary>How much one request of a client may read, and how a search of it goes about that.</summary>
/// <param name="Units">The read units after which it is answered with what was found.</param>
/// <param name="Few">So many postings of each word are looked at first, and so many repositories may be read to rank them here. Half as many rows tell how many fit.</param>
/// <param name="Many">So many postings of a list are read at once where many are needed, and more from then on.</param>
/// <param name="Stray">So many units may go into the postings and rows of a page of one word that turn out not to count.</param>
internal sealed record SearchEffort(double Units = 370, int Few = 100, int Many = 1000, double Stray = 100)
{
    /// <summary>From here on a page is dear enough to look for a cheaper way.</summary>
    public double Dear => Units / 8;

    /// <summary>What is left of the units for the candidates when lists of other words have been read.</summary>
    public double ForCandidates => Units / 2;
}
