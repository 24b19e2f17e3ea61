-- Settle what a result may depend on: times are UTC, rows keep their order; nothing is fetched on its own.
-- reads: $memory_limit, $spill   writes: nothing
-- For every connection to the file, not this one alone.
set global timezone = 'UTC';
set preserve_insertion_order = true;
-- A bar on standard output would stand among the answers.
set enable_progress_bar = false;
set autoinstall_known_extensions = false;
set autoload_known_extensions = false;
set memory_limit = $memory_limit;
-- Where what exceeds the memory goes; nowhere where it is empty.
set temp_directory = $spill;
