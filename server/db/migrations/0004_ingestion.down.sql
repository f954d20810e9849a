DROP TABLE field_names, row_scopes, import_hosts, import_rejects, import_artifacts, imports;
