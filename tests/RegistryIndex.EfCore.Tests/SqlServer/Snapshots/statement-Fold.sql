MERGE registry_index_text WITH (HOLDLOCK) AS search
USING (SELECT id, CAST(name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS name, CAST(description COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) AS description,
    CAST(folded_name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS folded_name, CAST(folded_description COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) AS folded_description
FROM OPENJSON(@p0) WITH (
    id INT '$.id', name NVARCHAR(400) '$.name', description NVARCHAR(1400) '$.description',
    folded_name NVARCHAR(400) '$.folded_name', folded_description NVARCHAR(1400) '$.folded_description')) AS batch ON search.id = batch.id
WHEN MATCHED AND search.name = batch.name THEN UPDATE SET folded_name = batch.folded_name, folded_description = batch.folded_description
WHEN NOT MATCHED THEN INSERT (id, name, folded_name, folded_description) VALUES (batch.id, batch.name, batch.folded_name, batch.folded_description);
