"""Training of a static encoder."""
