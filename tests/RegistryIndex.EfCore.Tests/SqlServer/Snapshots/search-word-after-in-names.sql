SELECT page.tier, page.text, page.name, repository.description, CASE WHEN repository.id IS NULL THEN 0 ELSE 1 END AS "IsThere", (SELECT facts.facts FROM registry_index_facts AS facts WHERE facts.id = repository.id AND facts.name = repository.name) AS facts
FROM (
    SELECT * FROM (
        SELECT id, name, tier, text,
            CASE WHEN LEFT(folded_name, 8) = 'library/' THEN 0 ELSE 1 END AS unofficial,
            LEN(folded_name) AS name_length
        FROM (SELECT id, name, folded_name,
    CASE WHEN segment > 0 THEN 1 ELSE 2 END AS tier,
    SUBSTRING(folded_name, CASE WHEN segment > 0 THEN CASE WHEN segment > 1 AND folded_name NOT LIKE '%/%/%' OR CHARINDEX(('/' + CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8), SUBSTRING(folded_name, segment, 1400)) = 0 THEN segment
     WHEN CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, SUBSTRING(folded_name, LEN(folded_name) - CHARINDEX('/', REVERSE(('/' + folded_name))) + 2, 1400)) = 1 THEN LEN(folded_name) - CHARINDEX('/', REVERSE(('/' + folded_name))) + 2 ELSE segment END ELSE CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, folded_name) END, 1400) AS text
FROM (
    SELECT search.id, search.name, search.folded_name, CHARINDEX(('/' + CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8), ('/' + search.folded_name)) AS segment
    FROM registry_index_text AS search WHERE 1 = 1 ) AS found
WHERE (segment > 0 OR CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, folded_name) > 0)) AS found) AS ranked
    WHERE tier >= @p1 AND (tier > @p1 OR tier = @p1 AND (text > CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 OR text = CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 AND (unofficial > @p3 OR unofficial = @p3 AND (name_length > @p4 OR name_length = @p4 AND name > CAST(@p5 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8))))
    ORDER BY tier, text, unofficial, name_length, name OFFSET 0 ROWS FETCH NEXT @p6 ROWS ONLY) AS page
LEFT JOIN repository ON repository.id = page.id
ORDER BY page.tier, page.text, page.unofficial, page.name_length, page.name
