using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Memory;

/// <summary>What is folded of a repository.</summary>
internal sealed class FoldedText
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string FoldedName { get; init; }

    public required string FoldedDescription { get; init; }
}

/// <summary>A repository of a page, if there is one, and where the log stood when it was read.</summary>
internal sealed class PageRow
{
    public required long Number { get; init; }

    public required string Token { get; init; }

    public int? Id { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public LogPlace Place => new(Number, Token);

    public Repository ToRepository(IndexDatabase database) => new(Name!, RepositoryDescription.FromIngest(database.FromStored(Description)));
}
