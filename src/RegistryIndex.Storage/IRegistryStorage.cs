namespace RegistryIndex.Storage;

/// <summary>A registry's own storage, read for what is in it. Never written to. Thread-safe.</summary>
public interface IRegistryStorage
{
    /// <summary>Where it is, for people.</summary>
    string Location { get; }

    /// <summary>
    /// Every repository that has a tag. The order is depth first with the children of a directory in ordinal order
    /// (<c>team</c>, <c>team/x</c>, <c>team-b</c>), which is distribution's own; a repository that is there throughout is
    /// yielded exactly once. In memory are only the names beside and above the current one.
    /// </summary>
    /// <param name="after">
    /// The <see cref="StoredRepository.Position"/> to go on after, of an enumeration that ended early; nothing before it
    /// is read again but the directories above it. The repository itself need not be there any more.
    /// </param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is no position.</exception>
    /// <exception cref="StorageException">No storage is configured, it holds no registry, or a part of it cannot be read: what was yielded is not all.</exception>
    IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, CancellationToken cancellationToken = default);
}

/// <summary>A repository as its registry's storage has it.</summary>
/// <param name="Repository">
/// Its name as the storage says it, which may break the grammar (an import then refuses it with the reason), and its
/// description, ready to be stored.
/// </param>
/// <param name="Position">Where an enumeration may go on; opaque, of one line, valid for this storage only.</param>
/// <param name="Problem">
/// One sentence when the description could not be read, such as a manifest that is missing or no JSON; the repository
/// is there all the same, but that it has no description is then not known.
/// </param>
public sealed record StoredRepository(Repository Repository, string Position, string? Problem);
