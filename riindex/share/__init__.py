"""What leaves an index: tables, map, shipped copy, and its check."""
