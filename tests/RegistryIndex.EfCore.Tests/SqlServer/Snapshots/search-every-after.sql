SELECT 0 AS tier, '' AS text, name, description, 1 AS "IsThere", (SELECT facts.facts FROM registry_index_facts AS facts WHERE facts.id = repository.id AND facts.name = repository.name) AS facts FROM repository
WHERE name COLLATE Latin1_General_100_BIN2_UTF8 > CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) COLLATE Latin1_General_100_BIN2_UTF8
ORDER BY name COLLATE Latin1_General_100_BIN2_UTF8 OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY
