DROP TABLE indicator_runs, indicators, indicator_batches, indicator_lists;
