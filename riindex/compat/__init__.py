"""Compatibility with the published system: its methods, files and clustering."""
