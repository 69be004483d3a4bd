SELECT 0 AS tier, 'unknown' AS text, name, description, 1 AS "IsThere", (SELECT facts.facts FROM registry_index_facts AS facts WHERE facts.id = repository.id AND facts.name = repository.name) AS facts FROM repository
WHERE coalesce((SELECT facts.push FROM registry_index_facts AS facts WHERE facts.id = repository.id AND facts.name = repository.name), 'unknown') = 'unknown'
ORDER BY name COLLATE Latin1_General_100_BIN2_UTF8 OFFSET 0 ROWS FETCH NEXT @p0 ROWS ONLY
