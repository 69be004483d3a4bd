SELECT page.tier, page.text, page.name, repository.description, CASE WHEN repository.id IS NULL THEN 0 ELSE 1 END AS "IsThere", (SELECT facts.facts FROM registry_index_facts AS facts WHERE facts.id = repository.id AND facts.name = repository.name) AS facts
FROM (
    SELECT * FROM (
        SELECT id, name, tier, text,
            CASE WHEN LEFT(folded_name, 8) = 'library/' THEN 0 ELSE 1 END AS unofficial,
            LEN(folded_name) AS name_length
        FROM (SELECT id, name, folded_name, 3 AS tier,
    LEFT(rest, CASE WHEN CHARINDEX(' ', rest) > 64 THEN 64 ELSE CHARINDEX(' ', rest) - 1 END) AS text
FROM (
    SELECT search.id, search.name, search.folded_name,
        (LEFT(SUBSTRING(search.folded_description, CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_description), 1400), 65) + ' ') AS rest
    FROM registry_index_text AS search WHERE 1 = 1
        AND CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_name) = 0 AND CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_description) > 0 ) AS found) AS found) AS ranked
    WHERE tier >= @p1 AND (tier > @p1 OR tier = @p1 AND (text > CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 OR text = CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 AND (unofficial > @p3 OR unofficial = @p3 AND (name_length > @p4 OR name_length = @p4 AND name > CAST(@p5 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8))))
    ORDER BY tier, text, unofficial, name_length, name OFFSET 0 ROWS FETCH NEXT @p6 ROWS ONLY) AS page
LEFT JOIN repository ON repository.id = page.id
ORDER BY page.tier, page.text, page.unofficial, page.name_length, page.name
