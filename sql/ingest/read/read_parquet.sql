-- Read a Parquet file as it is.
-- reads: $path   writes: nothing
select * from read_parquet($path, hive_partitioning = false)
