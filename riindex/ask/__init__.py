"""Queries of a built index."""
