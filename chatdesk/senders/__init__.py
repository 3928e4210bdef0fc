"""Plain input and output with time limits: no database, no decisions."""
