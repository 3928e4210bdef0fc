"""What a page view tells: pure reading of addresses and headers, no database."""
