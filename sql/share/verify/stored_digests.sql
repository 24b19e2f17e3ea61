-- Select the digests that the build recorded.
-- reads: digests   writes: nothing
select table_name, digest from digests order by table_name;
