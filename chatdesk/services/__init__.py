"""What happens in the business: each function named after it, and it alone writes."""
