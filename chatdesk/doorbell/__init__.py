"""Hints that something happened; lost, doubled or late, they harm nothing."""
