"""Personas from groups: terms, traits, trends, claims, names, hints and health."""
