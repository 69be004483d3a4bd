INSERT INTO registry_index_state (name, value) VALUES ('schema', N'1')
