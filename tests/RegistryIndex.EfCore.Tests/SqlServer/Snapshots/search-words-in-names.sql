SELECT page.tier, page.text, repository.name, repository.description
FROM (
    SELECT id, name, tier, text FROM (SELECT id, name,
    CASE WHEN segment > 0 THEN 1 ELSE 2 END AS tier,
    SUBSTRING(folded_name, CASE WHEN segment > 0 THEN segment ELSE anywhere END, 1400) AS text
FROM (
    SELECT search.id, search.name, search.folded_name,
        CHARINDEX(('/' + CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8), ('/' + search.folded_name)) AS segment,
        CHARINDEX(CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_name) AS anywhere
    FROM registry_index_search AS search WHERE 1 = 1 AND (CHARINDEX(CAST(@p1 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_name) > 0 OR CHARINDEX(CAST(@p1 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8, search.folded_description) > 0) AND CHARINDEX(('/' + CAST(@p2 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8), ('/' + search.folded_name)) > 0 ) AS found
WHERE anywhere > 0) AS ranked
    
    ORDER BY tier, text, name OFFSET 0 ROWS FETCH NEXT @p3 ROWS ONLY) AS page
JOIN repository ON repository.id = page.id
ORDER BY page.tier, page.text, page.name
