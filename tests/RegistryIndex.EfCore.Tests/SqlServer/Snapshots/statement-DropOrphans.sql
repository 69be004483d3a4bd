DELETE FROM registry_index_text WHERE NOT EXISTS (SELECT 1 FROM repository WHERE repository.id = registry_index_text.id AND repository.name = registry_index_text.name)
