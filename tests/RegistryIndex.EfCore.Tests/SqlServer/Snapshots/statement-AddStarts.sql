INSERT INTO registry_index_start (text, unofficial, name_length, name, id, also_before)
SELECT batch.text, batch.unofficial, batch.name_length, batch.name, batch.id, batch.also_before FROM (SELECT id, CAST(name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS name, CAST(text COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS text, unofficial, name_length, also_before
FROM OPENJSON(@p0) WITH (
    id INT '$.id', name NVARCHAR(400) '$.name', text NVARCHAR(400) '$.text',
    unofficial TINYINT '$.unofficial', name_length SMALLINT '$.name_length', also_before SMALLINT '$.also_before')) AS batch
WHERE NOT EXISTS (SELECT 1 FROM registry_index_start AS start WHERE start.text = batch.text AND start.unofficial = batch.unofficial AND start.name_length = batch.name_length AND start.name = batch.name AND start.id = batch.id)
