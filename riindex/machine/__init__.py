"""Limits of the machine: memory, and processes that end in time."""
