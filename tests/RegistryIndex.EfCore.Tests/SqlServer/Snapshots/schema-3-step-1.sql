CREATE TABLE registry_index_state (
    name VARCHAR(60) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL PRIMARY KEY, value NVARCHAR(MAX) NOT NULL);
CREATE TABLE registry_index_search (
    id INT NOT NULL PRIMARY KEY, name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    folded_name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, folded_description VARCHAR(1400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL);
CREATE INDEX registry_index_search_name ON registry_index_search (folded_name) INCLUDE (name);
INSERT INTO registry_index_state (name, value) VALUES ('schema', N'1');
