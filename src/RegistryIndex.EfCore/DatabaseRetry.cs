using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore;

/// <summary>The one place where the database's exceptions are retried or become the exception of the index (contract 7.1).</summary>
internal static class DatabaseRetry
{
    /// <summary>Runs an operation on an open index.</summary>
    public static Task<T> RunAsync<T>(IndexDatabase database, string operation, Func<Task<T>> action, CancellationToken cancellationToken) =>
        TryAsync(database, operation, () => database.AtItsPlaceAsync(action, cancellationToken), cancellationToken);

    /// <summary>Runs an operation, which must have no effect if it fails before <see cref="CommitAsync"/>.</summary>
    public static async Task<T> TryAsync<T>(IndexDatabase database, string operation, Func<Task<T>> action, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await action().ConfigureAwait(false);
            }
            catch (RegistryIndexException error) when (error.Operation != operation)
            {
                throw error.During(operation); // the error occurred when the database was opened for this operation
            }
            catch (UncertainCommitException error)
            {
                // A retry here could report "unchanged" for rows that this same call has added.
                throw Wrap(operation, database.Explain(error.Cause) with { MayRetry = true }, error.Cause);
            }
            catch (Exception error) when (FindCause(error) is { } cause)
            {
                cancellationToken.ThrowIfCancellationRequested(); // some drivers report a cancellation as an error of their own
                var failure = database.Explain(cause);
                if (!failure.IsPassing || attempt == database.Pauses.Count)
                    throw Wrap(operation, failure, cause);
            }

            await Task.Delay(database.Pauses[attempt], cancellationToken).ConfigureAwait(false);
        }
    }

    public static Task TryAsync(IndexDatabase database, string operation, Func<Task> action, CancellationToken cancellationToken) => TryAsync(database, operation, async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    }, cancellationToken);

    /// <summary>Commits. If this fails, it is unknown whether the transaction was committed, and only the caller can decide what to do.</summary>
    public static async Task CommitAsync(this IDbContextTransaction transaction, IndexDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FindCause(error) is { } cause && database.Explain(cause).IsPassing)
        {
            throw new UncertainCommitException(cause);
        }
    }

    // EF Core wraps errors that a provider considers transient in an InvalidOperationException, and errors of a save in its own exception.
    private static DbException? FindCause(Exception? error) => error switch
    {
        null or RegistryIndexException or OperationCanceledException => null,
        DbException cause => cause,
        _ => FindCause(error.InnerException),
    };

    private static RegistryIndexException Wrap(string operation, Failure failure, DbException cause) =>
        new(EfCoreIndexOptions.ProviderName, operation, failure.Problem, failure.MayRetry, cause);

    private sealed class UncertainCommitException(DbException cause) : Exception(cause.Message, cause)
    {
        public DbException Cause { get; } = cause;
    }
}
