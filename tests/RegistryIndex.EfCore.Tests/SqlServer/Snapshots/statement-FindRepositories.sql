SELECT repository.id, repository.name, repository.description
FROM repository JOIN (SELECT CAST(name COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) COLLATE Latin1_General_100_BIN2_UTF8 AS name FROM OPENJSON(@p0) WITH (name NVARCHAR(400) '$')) AS batch ON repository.name = batch.name COLLATE Latin1_General_100_BIN2_UTF8
