"""Settings of a build: sections, presets, and how they are read."""
