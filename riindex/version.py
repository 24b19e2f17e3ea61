"""Version of the package, defined only here; the build of the package reads it."""

__version__ = "0.1.0"
