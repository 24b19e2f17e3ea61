"""The .duckdb file: statements, transactions, digests, written outputs, and SQL from outside."""
