DELETE start FROM registry_index_start AS start
JOIN (SELECT id, CAST(name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS name, CAST(text COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) AS text, unofficial, name_length, also_before
FROM OPENJSON(@p0) WITH (
    id INT '$.id', name NVARCHAR(400) '$.name', text NVARCHAR(400) '$.text',
    unofficial TINYINT '$.unofficial', name_length SMALLINT '$.name_length', also_before SMALLINT '$.also_before')) AS batch ON start.text = batch.text AND start.unofficial = batch.unofficial AND start.name_length = batch.name_length AND start.name = batch.name AND start.id = batch.id
