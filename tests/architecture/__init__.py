"""Tests of the code itself: its shape, its boundaries, and what goes with it."""
