using System.Globalization;
using System.Text;

namespace RegistryIndex.EfCore.Engines;

/// <summary>One statement of a search.</summary>
/// <param name="Sql">The text, with <c>@pN</c> for each parameter.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="IsKept">Whether one plan is the best for all parameters, so that a connection may cache it.</param>
internal sealed record SearchStatement(string Sql, object[] Parameters, bool IsKept = false)
{
    public static string Parameter(int number) => string.Create(CultureInfo.InvariantCulture, $"@p{number}");
}

/// <summary>
/// Creates the statements of a search. Rank keys are computed, compared and cut to a page in SQL, so that only the rows of the page leave the
/// database. The database's text functions must count code points, and the order of the columns must be that of UTF-8 bytes, as the contract
/// requires. A database overrides the expressions that it writes differently. An instance is used once, by one thread.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="query">The query.</param>
/// <param name="after">The rank key that the page comes after; null for the first page.</param>
/// <param name="limit">The largest number of rows.</param>
public abstract class SearchSql(IndexDatabase database, SearchQuery query, RankKey? after, int limit)
{
    // With several words, this many starts of the last word are filtered for each wanted row. If they do not
    // fill a page, all matches are ranked instead.
    private const int StartsForEach = 10;

    private static readonly string[] RankColumns = ["tier", "text", "unofficial", "name_length", "name"];
    private static readonly string[] PushColumns = ["push", "name"];
    private static readonly string[] StartColumns = ["start.text", "start.unofficial", "start.name_length", "start.name"];

    private readonly List<object> _parameters = [];

    /// <summary>The query.</summary>
    protected SearchQuery Query => query;

    /// <summary>Every repository in name order: the query without words.</summary>
    internal SearchStatement All() => InOrderOfNames("");

    /// <summary>The repositories with a known push, in the order of the last push. The table of facts must exist.</summary>
    internal SearchStatement Pushed() => new(
        $"""
        SELECT 0 AS tier, page.push AS text, page.name, {OfPage("description")} AS description, coalesce({OfPage("1")}, 0) AS "IsThere", page.facts
        FROM (
            SELECT id, name, push, facts FROM {Statements.FactsTable}
            WHERE push < '{PushOrder.Unknown}'{(after is { } key ? $" AND {IsAfter(PushColumns, [Bound(key.Text), Bound(key.Name)])}" : "")}
            ORDER BY {string.Join(", ", PushColumns)} {Limit(Parameter(limit))}) AS page
        ORDER BY page.push, page.name
        """,
        [.. _parameters],
        IsKept: true);

    /// <summary>The repositories without a known push, in name order. They come after the others in the order of the last push.</summary>
    internal SearchStatement Unpushed() =>
        InOrderOfNames(PushOrder.Unknown, database.HasFacts ? $"coalesce({Statements.PushOfRepository}, '{PushOrder.Unknown}') = '{PushOrder.Unknown}'" : null);

    /// <summary>
    /// The matches of tier 1 in repositories that have starts, read in order until there are enough. With one word, these are all matches before
    /// the limit. With several words, there may be more.
    /// </summary>
    internal SearchStatement AtStarts()
    {
        var range = RangeOfStarts(query.RankingWord!);
        var others = HasOtherWords ? string.Join(" AND ", OtherWords.Select(Occurs)) : "";
        return new(
            $"""
            SELECT 1 AS tier, start.text, repository.name, repository.description, 1 AS "IsThere", {database.Facts} AS facts, {Exists(WithoutStarts)} AS "HasOdd"
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
        // Ask only if no index has already found the word.
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

    /// <summary>Adds the condition that the ranking word occurs in a column, if an index can answer it.</summary>
    protected abstract void AddIndexed(StringBuilder from, string rankingColumn);

    /// <summary>Whether <see cref="AddIndexed"/> decides completely whether the word occurs.</summary>
    protected abstract bool IsIndexed(string word);

    /// <summary>The position of a text in another one, counted from 1; 0 if the text does not occur.</summary>
    protected abstract string Position(string text, string word);

    /// <summary>The concatenation of two texts.</summary>
    protected virtual string Concatenate(string left, string right) => $"{left} || {right}";

    /// <summary>A text from a position to its end.</summary>
    protected virtual string From(string text, string position) => $"substr({text}, {position})";

    /// <summary>The first code points of a text.</summary>
    protected virtual string Cut(string text, string count) => $"substr({text}, 1, {count})";

    /// <summary>The number of code points of a folded text.</summary>
    protected virtual string Length(string text) => $"length({text})";

    /// <summary>The position at which the last path segment of a folded name starts, counted from 1.</summary>
    protected virtual string LastSegmentPosition(string name) => $"length(rtrim({name}, replace({name}, '/', ''))) + 1";

    /// <summary>The end of a statement that limits the number of rows.</summary>
    protected virtual string Limit(string count) => $"LIMIT {count}";

    /// <summary>
    /// A range of starts with their repositories, in the order of the starts. The database reads only as many starts as rows are wanted.
    /// </summary>
    protected virtual string StartsWithRepositories(string range) => $"registry_index_start AS start JOIN repository ON repository.id = start.id {range}";

    /// <summary>The first starts of a range.</summary>
    protected string FirstStarts(string range, string count) =>
        $"(SELECT {string.Join(", ", StartColumns)}, start.id FROM registry_index_start AS start {range} ORDER BY {string.Join(", ", StartColumns)} {Limit(count)}) AS start";

    /// <summary>Whether a query has rows, as a value.</summary>
    protected virtual string Exists(string query) => $"EXISTS ({query})";

    /// <summary>The name in <c>repository</c>, in the order of bytes even if the table is a predecessor's that is only read.</summary>
    protected virtual string StoredName => "name";

    /// <summary>
    /// Prevents the database from merging an inner query into the outer one, which would compute each expression as often as it is named.
    /// </summary>
    protected abstract string Apart { get; }

    /// <summary>The condition that the columns of a row come after the given values, compared one by one.</summary>
    protected virtual string IsAfter(IReadOnlyList<string> columns, IReadOnlyList<string> values) =>
        $"({string.Join(", ", columns)}) > ({string.Join(", ", values)})";

    /// <summary>The condition that the text of a start comes before the given one.</summary>
    protected virtual string IsBefore(string text) => $"start.text < {text}";

    /// <summary>Adds a parameter and returns its expression.</summary>
    protected virtual string Parameter(object value)
    {
        _parameters.Add(value);
        return SearchStatement.Parameter(_parameters.Count - 1);
    }

    /// <summary>Whether the query has words other than the ranking word.</summary>
    internal bool HasOtherWords => OtherWords.Any();

    private const string WithoutStarts = "SELECT id FROM registry_index_start WHERE text = ''";

    private IEnumerable<string> OtherWords => query.Words.Where(word => word != query.RankingWord).Distinct(StringComparer.Ordinal);

    // The starts after the position that begin with a word and by which the word finds their repository.
    private string RangeOfStarts(string word)
    {
        var from = after is { Tier: 1 } key
            ? IsAfter(StartColumns, [Bound(key.Text), Parameter(key.IsOfficial ? 0 : 1), Parameter(key.NameLength), Bound(key.Name)])
            : $"start.text >= {Parameter(word)}";
        var to = PrefixRange.After(word) is { } next ? $" AND {IsBefore(Parameter(next))}" : "";
        return $"WHERE {from}{to} AND start.also_before < {Parameter(word.Length)}";
    }

    private SearchStatement InOrderOfNames(string text, string? condition = null)
    {
        string?[] conditions = [condition, after is { } key ? $"{StoredName} > {Bound(key.Name)}" : null];
        var where = string.Join(" AND ", conditions.OfType<string>());
        return new(
            $"""
            SELECT 0 AS tier, '{text}' AS text, name, description, 1 AS "IsThere", {database.Facts} AS facts FROM repository
            {(where.Length > 0 ? $"WHERE {where}" : "")}
            ORDER BY {StoredName} {Limit(Parameter(limit))}
            """,
            [.. _parameters],
            IsKept: true);
    }

    // A subquery for each row, because a planner may read all of a small table for a join.
    private static string OfPage(string value) => $"(SELECT {value} FROM repository WHERE repository.id = page.id AND repository.name = page.name)";

    private string Bound(string text) => Parameter(database.ToBound(text));

    private string SegmentPosition(string word) => Position(Concatenate("'/'", "search.folded_name"), Concatenate("'/'", word));

    // The last segment counts if the word starts it. Its position is expensive to compute. So it is computed only for names in which another
    // segment starts with the word, too; few names remain. A word with a slash cannot start a last segment.
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
        SELECT page.tier, page.text, page.name, repository.description, CASE WHEN repository.id IS NULL THEN 0 ELSE 1 END AS "IsThere", {database.Facts} AS facts
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

    // The tables and the condition that every word occurs. The caller appends further conditions with AND.
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

/// <summary>Which names a statement searches.</summary>
internal enum Names
{
    /// <summary>Every name.</summary>
    All,

    /// <summary>All names except the matches that <see cref="SearchSql.AtStarts"/> returns.</summary>
    NotAtStarts,

    /// <summary>The names without starts, such as a predecessor's overlong names.</summary>
    WithoutStarts,
}
