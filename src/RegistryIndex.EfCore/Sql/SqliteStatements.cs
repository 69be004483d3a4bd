namespace RegistryIndex.EfCore.Sql;

/// <summary>The statements that change rows. Each takes a whole batch as one JSON parameter.</summary>
internal static class SqliteStatements
{
    public const string AddRepositories = """
        INSERT INTO repository (name, description)
        SELECT value ->> 'name', value ->> 'description' FROM json_each({0})
        """;

    public const string ChangeRepositories = """
        UPDATE repository SET description = batch.description
        FROM (SELECT value ->> 'name' AS name, value ->> 'description' AS description FROM json_each({0})) AS batch
        WHERE repository.name = batch.name
        """;

    public const string Fold = """
        INSERT INTO registry_index_search (id, name, folded_name, folded_description)
        SELECT repository.id, repository.name, batch.value ->> 'folded_name', batch.value ->> 'folded_description'
        FROM json_each({0}) AS batch JOIN repository ON repository.name = batch.value ->> 'name'
        WHERE true
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, folded_name = excluded.folded_name, folded_description = excluded.folded_description
        """;

    public const string Unfold = "DELETE FROM registry_index_search WHERE id IN (SELECT id FROM repository WHERE name = {0})";

    public const string Remove = "DELETE FROM repository WHERE name = {0}";

    // An old writer that is still at work adds and removes rows without us, and wipes descriptions when an image is pushed again.
    public const string DropOrphans = "DELETE FROM registry_index_search WHERE id NOT IN (SELECT id FROM repository)";

    public const string FindUnfolded = """
        SELECT repository.id, repository.name, repository.description
        FROM repository LEFT JOIN registry_index_search AS search ON search.id = repository.id
        WHERE search.id IS NULL OR search.name <> repository.name
            OR (search.folded_description = '') <> (trim(coalesce(repository.description, '')) = '')
        """;

    public const string CountOrphans = "SELECT count(*) AS Value FROM registry_index_search WHERE id NOT IN (SELECT id FROM repository)";
}
