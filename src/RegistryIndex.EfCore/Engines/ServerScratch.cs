using Microsoft.EntityFrameworkCore;

namespace RegistryIndex.EfCore.Engines;

/// <summary>Creates and drops a scratch database on the configured server, as the configured user.</summary>
internal static class ServerScratch
{
    /// <inheritdoc cref="IndexDatabase.CreateServerScratchAsync"/>
    public static async Task<ScratchPlace> CreateAsync(IndexDatabase configured, string connectionString, string name, string drop, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_'))
            throw new ArgumentException($"'{name}' is not a valid name of a scratch place.", nameof(name));
        // This is not cancelled, because it would be unknown whether the database exists.
        await RunAsync(configured, "create scratch", "CREATE DATABASE " + name).ConfigureAwait(false);
        return new($"the database {name} beside {configured.Location}", new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["sqlalchemy_index_database"] = connectionString }, async () =>
        {
            await RunAsync(configured, "drop scratch", drop).ConfigureAwait(false);
            await configured.DisposeAsync().ConfigureAwait(false);
        });
    }

    private static Task RunAsync(IndexDatabase configured, string operation, string statement) => DatabaseRetry.TryAsync(configured, operation, async () =>
    {
        var db = configured.Open();
        await using (db.ConfigureAwait(false))
            await db.Database.ExecuteSqlRawAsync(statement, CancellationToken.None).ConfigureAwait(false);
    }, CancellationToken.None);
}
