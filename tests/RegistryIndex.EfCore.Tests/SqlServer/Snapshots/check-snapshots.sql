SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS BIT) AS "Value" FROM sys.databases WHERE database_id = DB_ID()
