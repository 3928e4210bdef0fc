"""An app with a user model of its own, as some hosts have."""
