-- Read a delimited file, every cell as text, so that an id keeps its last digit.
-- reads: $path, $columns, $delimiter, $header, $quote, $escape, $skip, $strict, $line_limit   writes: the reject tables of the connection
select *
from read_csv(
    $path, columns = $columns, auto_detect = false, delim = $delimiter, header = $header, quote = $quote,
    escape = $escape, skip = $skip, strict_mode = $strict, store_rejects = true, max_line_size = $line_limit,
    hive_partitioning = false
)
