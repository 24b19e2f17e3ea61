-- Read a file of one JSON object a line, as lines.
-- reads: $path, $line_limit   writes: nothing
select line as json
from read_csv(
    $path, columns = {'line': 'varchar'}, delim = e'\x1f', quote = '', escape = '', header = false,
    auto_detect = false, max_line_size = $line_limit, hive_partitioning = false
)
