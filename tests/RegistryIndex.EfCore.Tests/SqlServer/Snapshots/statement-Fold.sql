MERGE registry_index_search WITH (HOLDLOCK) AS search
USING (SELECT repository.id, repository.name, batch.folded_name, batch.folded_description FROM repository JOIN (SELECT CAST(name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS name, CAST(description COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) AS description,
    CAST(folded_name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS folded_name, CAST(folded_description COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(1400)) AS folded_description
FROM OPENJSON(@p0) WITH (
    name NVARCHAR(400) '$.name', description NVARCHAR(1400) '$.description',
    folded_name NVARCHAR(400) '$.folded_name', folded_description NVARCHAR(1400) '$.folded_description')) AS batch ON repository.name = batch.name) AS folded
ON search.id = folded.id
WHEN MATCHED THEN UPDATE SET name = folded.name, folded_name = folded.folded_name, folded_description = folded.folded_description
WHEN NOT MATCHED THEN INSERT (id, name, folded_name, folded_description) VALUES (folded.id, folded.name, folded.folded_name, folded.folded_description);
