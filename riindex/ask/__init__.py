"""Questions to a built index."""
