SELECT CAST(name AS NVARCHAR(128)) AS "Value" FROM sys.columns WHERE object_id = OBJECT_ID(@p0)
