SELECT 0 AS tier, page.push AS text, page.name, (SELECT description FROM repository WHERE repository.id = page.id AND repository.name = page.name) AS description, coalesce((SELECT 1 FROM repository WHERE repository.id = page.id AND repository.name = page.name), 0) AS "IsThere", page.facts
FROM (
    SELECT id, name, push, facts FROM registry_index_facts
    WHERE push < 'unknown' AND push >= CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 AND (push > CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 OR push = CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8 AND name > CAST(@p1 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8)
    ORDER BY push, name OFFSET 0 ROWS FETCH NEXT @p2 ROWS ONLY) AS page
ORDER BY page.push, page.name
