"""chatdesk: an online consultant that lives inside a shop's own Django project."""

__version__ = "0.1.0"
