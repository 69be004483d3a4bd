DELETE FROM registry_index_facts WHERE id IN (SELECT id FROM repository WHERE name = CAST(@p0 COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(400)) COLLATE Latin1_General_100_BIN2_UTF8)
