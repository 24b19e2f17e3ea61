-- Select the sources whose ids are not to be trusted, and how many of their ids are damaged.
-- reads: damaged   writes: nothing
select source_no, n from damaged order by source_no;
