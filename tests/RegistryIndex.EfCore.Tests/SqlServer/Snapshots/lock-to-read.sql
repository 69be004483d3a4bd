DECLARE @result INT;
EXEC @result = sp_getapplock @Resource = N'registry_index', @LockMode = N'Shared', @LockOwner = N'Transaction', @LockTimeout = 300000;
IF @result < 0
    THROW 51222, N'The lock registry_index was not free in time.', 1;
