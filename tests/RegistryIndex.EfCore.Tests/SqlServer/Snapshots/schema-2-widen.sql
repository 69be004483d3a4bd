IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'repository') AND name IN (N'name', N'description') AND collation_name <> N'Latin1_General_100_BIN2_UTF8')
BEGIN
    DECLARE @drop NVARCHAR(MAX) = N'';
    SELECT @drop = @drop + N'ALTER TABLE repository DROP CONSTRAINT ' + QUOTENAME(kc.name) + N';'
    FROM sys.key_constraints AS kc
    JOIN sys.index_columns AS ic ON ic.object_id = kc.parent_object_id AND ic.index_id = kc.unique_index_id
    JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
    WHERE kc.parent_object_id = OBJECT_ID(N'repository') AND kc.type = 'UQ' AND c.name = N'name';
    EXEC sp_executesql @drop;
    ALTER TABLE repository ALTER COLUMN name VARCHAR(400) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL;
    ALTER TABLE repository ALTER COLUMN description VARCHAR(1400) COLLATE Latin1_General_100_BIN2_UTF8 NULL;
    ALTER TABLE repository ADD CONSTRAINT registry_index_repository_name UNIQUE (name);
END
