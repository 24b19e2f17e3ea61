"""Storage in the .duckdb file: statements, transactions, digests, output files, and SQL from outside."""
