CREATE TABLE registry_index_text (
    id INT NOT NULL PRIMARY KEY, name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    folded_name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, folded_description VARCHAR(1400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL);
CREATE INDEX registry_index_text_name ON registry_index_text (folded_name) INCLUDE (name);
CREATE TABLE registry_index_start (
    text VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, unofficial TINYINT NOT NULL, name_length SMALLINT NOT NULL,
    name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, id INT NOT NULL, also_before SMALLINT NOT NULL,
    PRIMARY KEY (text, unofficial, name_length, name, id));
