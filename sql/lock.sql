-- Close every door but reading the attached index: no files, no network, no change of settings.
-- reads: nothing   writes: nothing
-- For every connection to the file, not this one alone.
set global python_enable_replacements = false;
set python_enable_replacements = false;
set temp_directory = '';
set enable_external_access = false;
set lock_configuration = true;
