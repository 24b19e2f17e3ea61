"""What the machine gives: memory, and processes that end in time."""
