DECLARE @p1 int = 1000;
DECLARE @p0 int = 7;

SELECT TOP(@p1) [r].[id], [r].[description], [r].[name]
FROM (
    SELECT repository.id, repository.name, repository.description
    FROM repository LEFT JOIN registry_index_text AS search ON search.id = repository.id AND search.id > @p0
    WHERE repository.id > @p0 AND (search.id IS NULL OR search.name <> repository.name
        OR search.folded_description = '' AND trim(coalesce(repository.description, '')) <> ''
        OR search.folded_description <> '' AND trim(coalesce(repository.description, '')) = '')
) AS [r]
ORDER BY [r].[id]
