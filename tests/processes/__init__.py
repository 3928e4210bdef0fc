"""Several processes of one site, joined by a real Valkey."""
