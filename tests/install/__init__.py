"""The wheel in somebody else's project, put there by the README's text alone."""
