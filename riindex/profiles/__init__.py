"""From groups to personas: terms, traits, trends, claims, names, hints and health."""
