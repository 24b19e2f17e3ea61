"""Groups of rows: found, chosen, measured, and found again."""
