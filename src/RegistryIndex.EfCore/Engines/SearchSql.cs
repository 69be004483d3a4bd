using System.Globalization;
using System.Text;

namespace RegistryIndex.EfCore.Engines;

/// <summary>One statement of a search.</summary>
/// <param name="Sql">Its text, with <c>@pN</c> for each parameter.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="IsKept">Whether one plan is the best for all parameters, so that a connection may keep it.</param>
internal sealed record SearchStatement(string Sql, object[] Parameters, bool IsKept = false)
{
    public static string Parameter(int number) => string.Create(CultureInfo.InvariantCulture, $"@p{number}");
}

/// <summary>
/// Writes the statements of a search. Rank keys are computed, compared and cut to a page in SQL, so that a page's rows are
/// the only ones that leave the database. Its text functions must count code points and its order of the columns must be
/// that of UTF-8 bytes, as the contract wants both. What a database does in words of its own is overridden. Used once, by one thread.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="query">What is searched for.</param>
/// <param name="after">The rank key that the page comes after; null for the first page.</param>
/// <param name="limit">How many rows at most.</param>
public abstract class SearchSql(IndexDatabase database, SearchQuery query, RankKey? after, int limit)
{
    // Of several words the first so many starts of the last are filtered; where that does not fill a page, all is ranked instead.
    private const int StartsForEach = 10;

    private static readonly string[] RankColumns = ["tier", "text", "unofficial", "name_length", "name"];
    private static readonly string[] StartColumns = ["start.text", "start.unofficial", "start.name_length", "start.name"];

    private readonly List<object> _parameters = [];

    /// <summary>What is searched for.</summary>
    protected SearchQuery Query => query;

    /// <summary>Every repository in name order: the query without words.</summary>
    internal SearchStatement All() => new(
        $"""
        SELECT 0 AS tier, '' AS text, name, description, 1 AS "IsThere" FROM repository
        {(after is { } key ? $"WHERE {StoredName} > {Bound(key.Name)}" : "")}
        ORDER BY {StoredName} {Limit(Parameter(limit))}
        """,
        [.. _parameters], IsKept: true);

    /// <summary>
    /// The matches of tier 1 in repositories that have starts, read in their order until there are enough. Of one word these are all that
    /// there are before the limit; of several there may be more.
    /// </summary>
    internal SearchStatement AtStarts()
    {
        var range = RangeOfStarts(query.RankingWord!);
        var others = HasOtherWords ? string.Join(" AND ", OtherWords.Select(Occurs)) : "";
        return new(
            $"""
            SELECT 1 AS tier, start.text, repository.name, repository.description, 1 AS "IsThere", {Exists(WithoutStarts)} AS "HasOdd"
            {(HasOtherWords
                ? $"""
                FROM {FirstStarts(range, Parameter(StartsForEach * limit))}
                JOIN registry_index_text AS search ON search.id = start.id JOIN repository ON repository.id = start.id
                WHERE {others}
                """
                : $"FROM {StartsWithRepositories(range)}")}
            ORDER BY {string.Join(", ", StartColumns)} {Limit(Parameter(limit))}
            """,
            [.. _parameters],
            IsKept: !HasOtherWords);
    }

    /// <summary>The matches in names, tiers 1 and 2.</summary>
    internal SearchStatement InNames(Names names = Names.All)
    {
        var word = Parameter(query.RankingWord!);
        var anywhere = Position("folded_name", word);
        List<string> conditions = [];
        // Only where no index has found the word is there anything left to ask.
        if (SearchQuery.MatchesSegmentStartsOnly(query.RankingWord!))
            conditions.Add("segment > 0");
        else if (!IsIndexed(query.RankingWord!))
            conditions.Add($"(segment > 0 OR {anywhere} > 0)");
        if (names == Names.NotAtStarts)
            conditions.Add($"(segment = 0 OR id IN ({WithoutStarts}))");
        return Page(
            $"""
            SELECT id, name, folded_name,
                CASE WHEN segment > 0 THEN 1 ELSE 2 END AS tier,
                {From("folded_name", $"CASE WHEN segment > 0 THEN {LastOr("segment", word)} ELSE {anywhere} END")} AS text
            FROM (
                SELECT search.id, search.name, search.folded_name, {SegmentPosition(word)} AS segment
                FROM {Candidates("folded_name")}{(names == Names.WithoutStarts ? $" AND search.id IN ({WithoutStarts})" : "")} {Apart}) AS found
            {(conditions.Count > 0 ? $"WHERE {string.Join(" AND ", conditions)}" : "")}
            """);
    }

    /// <summary>The matches in descriptions of repositories whose names do not match, tier 3.</summary>
    internal SearchStatement InDescriptions()
    {
        var word = Parameter(query.RankingWord!);
        return Page(
            $"""
            SELECT id, name, folded_name, 3 AS tier,
                {Cut("rest", $"CASE WHEN {Position("rest", "' '")} > {RankKey.MaxDescriptionText} THEN {RankKey.MaxDescriptionText} ELSE {Position("rest", "' '")} - 1 END")} AS text
            FROM (
                SELECT search.id, search.name, search.folded_name,
                    {Concatenate(Cut(From("search.folded_description", Position("search.folded_description", word)), $"{RankKey.MaxDescriptionText + 1}"), "' '")} AS rest
                FROM {Candidates("folded_description")}
                    AND {Position("search.folded_name", word)} = 0 AND {Position("search.folded_description", word)} > 0 {Apart}) AS found
            """);
    }

    /// <summary>The condition that the ranking word occurs in a column, if an index can answer it.</summary>
    protected abstract void AddIndexed(StringBuilder from, string rankingColumn);

    /// <summary>Whether <see cref="AddIndexed"/> has said all that there is to say of the word.</summary>
    protected abstract bool IsIndexed(string word);

    /// <summary>Where a text occurs in another, counted from 1; 0 where it does not.</summary>
    protected abstract string Position(string text, string word);

    /// <summary>Two texts as one.</summary>
    protected virtual string Concatenate(string left, string right) => $"{left} || {right}";

    /// <summary>The text from a position to its end.</summary>
    protected virtual string From(string text, string position) => $"substr({text}, {position})";

    /// <summary>The first so many code points of a text.</summary>
    protected virtual string Cut(string text, string count) => $"substr({text}, 1, {count})";

    /// <summary>How many code points a folded text has.</summary>
    protected virtual string Length(string text) => $"length({text})";

    /// <summary>Where the last path segment of a folded name starts, counted from 1.</summary>
    protected virtual string LastSegmentPosition(string name) => $"length(rtrim({name}, replace({name}, '/', ''))) + 1";

    /// <summary>Ends a statement that gives the first so many rows.</summary>
    protected virtual string Limit(string count) => $"LIMIT {count}";

    /// <summary>A range of starts with their repositories, in the order of the starts, of which only so many are read as are asked for.</summary>
    protected virtual string StartsWithRepositories(string range) => $"registry_index_start AS start JOIN repository ON repository.id = start.id {range}";

    /// <summary>The first of a range of starts.</summary>
    protected string FirstStarts(string range, string count) =>
        $"(SELECT {string.Join(", ", StartColumns)}, start.id FROM registry_index_start AS start {range} ORDER BY {string.Join(", ", StartColumns)} {Limit(count)}) AS start";

    /// <summary>Whether a query has rows, as a value.</summary>
    protected virtual string Exists(string query) => $"EXISTS ({query})";

    /// <summary>The name in <c>repository</c>, in the order of bytes also where the table is a predecessor's that is only read.</summary>
    protected virtual string StoredName => "name";

    /// <summary>Keeps the database from folding an inner query into the outer one, where each expression would be computed as often as it is named.</summary>
    protected abstract string Apart { get; }

    /// <summary>That the columns of a row come after the given values, compared one by one.</summary>
    protected virtual string IsAfter(IReadOnlyList<string> columns, IReadOnlyList<string> values) =>
        $"({string.Join(", ", columns)}) > ({string.Join(", ", values)})";

    /// <summary>That the text of a start comes before the given one.</summary>
    protected virtual string IsBefore(string text) => $"start.text < {text}";

    /// <summary>Adds a parameter, and gives the expression that stands for it.</summary>
    protected virtual string Parameter(object value)
    {
        _parameters.Add(value);
        return SearchStatement.Parameter(_parameters.Count - 1);
    }

    /// <summary>Whether other words than the ranking one must occur.</summary>
    internal bool HasOtherWords => OtherWords.Any();

    private const string WithoutStarts = "SELECT id FROM registry_index_start WHERE text = ''";

    private IEnumerable<string> OtherWords => query.Words.Where(word => word != query.RankingWord).Distinct(StringComparer.Ordinal);

    // The starts that begin with a word and find their repository by it, from the position on.
    private string RangeOfStarts(string word)
    {
        var from = after is { Tier: 1 } key
            ? IsAfter(StartColumns, [Bound(key.Text), Parameter(key.IsOfficial ? 0 : 1), Parameter(key.NameLength), Bound(key.Name)])
            : $"start.text >= {Parameter(word)}";
        var to = PrefixRange.After(word) is { } next ? $" AND {IsBefore(Parameter(next))}" : "";
        return $"WHERE {from}{to} AND start.also_before < {Parameter(word.Length)}";
    }

    private string Bound(string text) => Parameter(database.ToBound(text));

    private string SegmentPosition(string word) => Position(Concatenate("'/'", "search.folded_name"), Concatenate("'/'", word));

    // The last segment counts if the word starts it. Its position is expensive to compute, so it is computed only for names in which
    // another segment starts with the word, too; most names have no segment left. A word with a slash starts no last segment.
    private string LastOr(string segment, string word)
    {
        if (query.RankingWord!.Contains('/', StringComparison.Ordinal))
            return segment;
        var last = LastSegmentPosition("folded_name");
        return $"""
            CASE WHEN {segment} > 1 AND folded_name NOT LIKE '%/%/%' OR {Position(From("folded_name", segment), Concatenate("'/'", word))} = 0 THEN {segment}
                 WHEN {Position(From("folded_name", last), word)} = 1 THEN {last} ELSE {segment} END
            """;
    }

    private SearchStatement Page(string ranked) => new(
        $"""
        SELECT page.tier, page.text, page.name, repository.description, CASE WHEN repository.id IS NULL THEN 0 ELSE 1 END AS "IsThere"
        FROM (
            SELECT * FROM (
                SELECT id, name, tier, text,
                    CASE WHEN {Cut("folded_name", $"{RankKey.OfficialPrefix.Length}")} = '{RankKey.OfficialPrefix}' THEN 0 ELSE 1 END AS unofficial,
                    {Length("folded_name")} AS name_length
                FROM ({ranked}) AS found) AS ranked
            {(after is { } key ? $"WHERE {IsAfter(RankColumns, [Parameter(key.Tier), Bound(key.Text), Parameter(key.IsOfficial ? 0 : 1), Parameter(key.NameLength), Bound(key.Name)])}" : "")}
            ORDER BY {string.Join(", ", RankColumns)} {Limit(Parameter(limit))}) AS page
        LEFT JOIN repository ON repository.id = page.id
        ORDER BY {string.Join(", ", RankColumns.Select(column => $"page.{column}"))}
        """,
        [.. _parameters]);

    // The tables and the condition that every word occurs; the caller goes on with AND.
    private string Candidates(string rankingColumn)
    {
        var from = new StringBuilder($"{database.TextTable} AS search");
        AddIndexed(from, rankingColumn);
        foreach (var word in OtherWords.Where(word => !IsIndexed(word)))
            from.Append(" AND ").Append(Occurs(word));
        return from.ToString();
    }

    private string Occurs(string word)
    {
        var parameter = Parameter(word);
        return SearchQuery.MatchesSegmentStartsOnly(word)
            ? $"{SegmentPosition(parameter)} > 0"
            : $"({Position("search.folded_name", parameter)} > 0 OR {Position("search.folded_description", parameter)} > 0)";
    }
}

/// <summary>Which names a statement looks at.</summary>
internal enum Names
{
    /// <summary>Every name.</summary>
    All,

    /// <summary>All but the matches that <see cref="SearchSql.AtStarts"/> gives.</summary>
    NotAtStarts,

    /// <summary>Those that have no starts, such as overlong ones of a predecessor.</summary>
    WithoutStarts,
}
