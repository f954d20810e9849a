DROP TABLE host_keys, hosts;
