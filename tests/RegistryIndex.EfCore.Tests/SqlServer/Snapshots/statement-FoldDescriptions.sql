UPDATE search SET folded_description = batch.folded_description
FROM registry_index_text AS search JOIN repository ON repository.id = search.id AND repository.name = search.name JOIN (SELECT id, CAST(name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS name, CAST(description COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) AS description,
    CAST(folded_name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS folded_name, CAST(folded_description COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) AS folded_description
FROM OPENJSON(@p0) WITH (
    id INT '$.id', name NVARCHAR(400) '$.name', description NVARCHAR(1400) '$.description',
    folded_name NVARCHAR(400) '$.folded_name', folded_description NVARCHAR(1400) '$.folded_description')) AS batch ON repository.name = batch.name
