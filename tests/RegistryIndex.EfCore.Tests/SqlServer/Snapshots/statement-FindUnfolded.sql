SELECT repository.id, repository.name, repository.description
FROM repository LEFT JOIN registry_index_text AS search ON search.id = repository.id AND search.id > @p0
WHERE repository.id > @p0 AND (search.id IS NULL OR search.name <> repository.name
    OR search.folded_description = '' AND trim(coalesce(repository.description, '')) <> ''
    OR search.folded_description <> '' AND trim(coalesce(repository.description, '')) = '')
