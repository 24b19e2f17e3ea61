"""Build of an index: from sources to a published file."""
