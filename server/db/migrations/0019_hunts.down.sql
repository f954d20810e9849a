DROP TABLE hunt_runs, hunt_seen, hunt_imports;
