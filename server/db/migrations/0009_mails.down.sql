DROP TABLE known_devices;
DROP TABLE mails;
