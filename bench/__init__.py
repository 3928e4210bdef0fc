"""What is measured beside peers: ``python -m bench delivery``. Needs Linux."""
