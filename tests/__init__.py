"""The tests of chatdesk and of the demo shop."""
