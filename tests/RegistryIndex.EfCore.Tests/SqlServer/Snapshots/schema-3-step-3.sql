CREATE TABLE registry_index_facts (
    id INT NOT NULL PRIMARY KEY, name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, push VARCHAR(15) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, facts VARCHAR(3072) COLLATE Latin1_General_100_BIN2_UTF8 NULL);
CREATE INDEX registry_index_facts_push ON registry_index_facts (push, name);
