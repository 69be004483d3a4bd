MERGE registry_index_facts WITH (HOLDLOCK) AS facts
USING (
    SELECT repository.id, repository.name, CAST(batch.push COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(15)) COLLATE Latin1_General_100_BIN2_UTF8 AS push, CAST(batch.facts COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(3072)) COLLATE Latin1_General_100_BIN2_UTF8 AS facts
    FROM OPENJSON(@p0) WITH (name NVARCHAR(400) '$.name', push NVARCHAR(15) '$.push', facts NVARCHAR(3072) '$.facts') AS batch
    JOIN repository ON repository.name = CAST(batch.name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) COLLATE Latin1_General_100_BIN2_UTF8) AS batch ON facts.id = batch.id
WHEN MATCHED THEN UPDATE SET name = batch.name, push = batch.push, facts = batch.facts
WHEN NOT MATCHED THEN INSERT (id, name, push, facts) VALUES (batch.id, batch.name, batch.push, batch.facts);
