"""What `make` runs: installing, checking, testing, building the front end."""
