"""Settings of a build: sections, presets, and their parsing."""
