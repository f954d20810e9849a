DROP TABLE notices, search_schedules;
