"""The version, the only place that says it; the build of the package reads it here."""

__version__ = "0.1.0"
