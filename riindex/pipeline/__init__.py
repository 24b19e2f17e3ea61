"""A build: from sources to a published index."""
