"""Exports of an index: tables, map, shipped copy, and verification."""
