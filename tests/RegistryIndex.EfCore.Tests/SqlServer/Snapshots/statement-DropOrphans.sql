DELETE FROM registry_index_search WHERE id NOT IN (SELECT id FROM repository)
