SELECT page.tier, page.text, repository.name, repository.description
FROM (
    SELECT id, name, tier, text FROM (SELECT id, name,
    CASE WHEN segment > 0 THEN 1 ELSE 2 END AS tier,
    SUBSTRING(folded_name, CASE WHEN segment > 0 THEN segment ELSE anywhere END, 1400) AS text
FROM (
    SELECT search.id, search.name, search.folded_name,
        CHARINDEX(('/' + CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8), ('/' + search.folded_name)) AS segment,
        CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_name) AS anywhere
    FROM registry_index_search AS search WHERE 1 = 1 ) AS found
WHERE anywhere > 0) AS ranked
    WHERE (tier > @p1 OR tier = @p1 AND (text > CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 OR text = CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 AND name > CAST(@p3 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8))
    ORDER BY tier, text, name OFFSET 0 ROWS FETCH NEXT @p4 ROWS ONLY) AS page
JOIN repository ON repository.id = page.id
ORDER BY page.tier, page.text, page.name
