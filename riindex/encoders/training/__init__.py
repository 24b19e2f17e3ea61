"""How a static encoder is trained."""
