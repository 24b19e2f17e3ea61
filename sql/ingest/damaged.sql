-- Tell the sources whose ids are not to be trusted, and how many of them show it.
-- reads: damaged   writes: nothing
select source_no, n from damaged order by source_no;
