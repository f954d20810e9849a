DROP TABLE field_aliases, search_history, saved_search_runs, saved_searches, row_comments, row_tags, annotated_rows;
