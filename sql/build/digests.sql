-- Insert the digest of every table.
-- reads: incoming   writes: digests
insert into digests select table_name, digest from incoming order by table_name;
