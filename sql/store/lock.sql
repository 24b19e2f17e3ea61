-- Allow only the attached files and the folders given: no other file, no network, no change of settings.
-- reads: $folders   writes: nothing
-- For every connection to the file, not this one alone.
set global python_enable_replacements = false;
set python_enable_replacements = false;
set allowed_directories = $folders;
-- Settings of how a statement is carried out, not of what it can reach.
set allowed_configs = ['memory_limit', 'force_compression'];
set enable_external_access = false;
set lock_configuration = true;
