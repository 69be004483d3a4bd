SELECT [r].[value]
FROM [registry_index_state] AS [r]
WHERE [r].[name] = N'mark:first-load'
