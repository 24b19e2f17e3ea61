"""The published system: its calls, its files, its clustering."""
