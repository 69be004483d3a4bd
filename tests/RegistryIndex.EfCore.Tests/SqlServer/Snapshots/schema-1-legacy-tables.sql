IF OBJECT_ID(N'version') IS NULL
    CREATE TABLE version (id INT NOT NULL IDENTITY(1, 1), PRIMARY KEY (id));
IF OBJECT_ID(N'repository') IS NULL
    CREATE TABLE repository (
        id INT NOT NULL IDENTITY(1, 1), name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL, description VARCHAR(1400) COLLATE Latin1_General_100_BIN2_UTF8 NULL,
        PRIMARY KEY (id), CONSTRAINT registry_index_repository_name UNIQUE (name));
IF NOT EXISTS (SELECT 1 FROM version)
    INSERT INTO version DEFAULT VALUES;
