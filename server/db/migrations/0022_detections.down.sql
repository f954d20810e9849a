DROP TABLE attack_objects, host_weights, detection_views, detection_comments, detection_history, detection_cuts, detections;
