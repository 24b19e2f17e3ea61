-- Drop the record of the lines that the CSV reader rejected in an earlier file.
-- reads: nothing   writes: the reject tables of the connection
drop table if exists reject_errors;
drop table if exists reject_scans;
