"""The same talk on hosts that differ: run with --ds=tests.settings.<host>."""
