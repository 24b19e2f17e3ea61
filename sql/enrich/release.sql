-- Drop temporary tables that are no longer needed.
-- reads: nothing   writes: temporary tables
drop table if exists spoken;
drop table if exists said;
drop table if exists members;
drop table if exists core_sizes;
drop table if exists frequent;
drop table if exists term_counts;
drop table if exists term_tests;
drop table if exists absence_tests;
drop table if exists trait_sums;
drop table if exists weeks;
