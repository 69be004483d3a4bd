SELECT 0 AS tier, page.push AS text, page.name, (SELECT description FROM repository WHERE repository.id = page.id AND repository.name = page.name) AS description, coalesce((SELECT 1 FROM repository WHERE repository.id = page.id AND repository.name = page.name), 0) AS "IsThere", page.facts
FROM (
    SELECT id, name, push, facts FROM registry_index_facts
    WHERE push < 'unknown'
    ORDER BY push, name OFFSET 0 ROWS FETCH NEXT @p0 ROWS ONLY) AS page
ORDER BY page.push, page.name
