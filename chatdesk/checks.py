"""System checks: a misconfiguration becomes a sentence with a hint."""
