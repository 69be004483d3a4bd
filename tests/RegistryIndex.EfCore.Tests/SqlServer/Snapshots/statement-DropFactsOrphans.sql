DELETE FROM registry_index_facts WHERE NOT EXISTS (SELECT 1 FROM repository WHERE repository.id = registry_index_facts.id AND repository.name = registry_index_facts.name)
