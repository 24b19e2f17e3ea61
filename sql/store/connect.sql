-- Set what a result may depend on: times in UTC, rows in order, and no extension fetched by itself.
-- reads: $memory_limit, $spill   writes: nothing
-- For every connection to the file, not this one alone.
set global timezone = 'UTC';
set preserve_insertion_order = true;
-- A progress bar on standard output would mix with the results.
set enable_progress_bar = false;
set autoinstall_known_extensions = false;
set autoload_known_extensions = false;
set memory_limit = $memory_limit;
-- The folder to spill to when memory is exceeded; empty: none.
set temp_directory = $spill;
