-- Read the records of a JSON file, each as JSON text, so that a number keeps its last digit.
-- reads: $path, $limit   writes: nothing
select json::varchar as json from read_json_objects($path, format = 'auto', maximum_object_size = $limit, hive_partitioning = false)
