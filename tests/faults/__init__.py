"""Faults on purpose: real processes, simulated people, a history and its checker.

``python -m tests.faults --seed 1`` runs one round; docs/reliability.md says what it
proves. Whoever breaks things (nemesis), whoever talks (clients) and whoever judges
(checker) know each other by the history file alone.
"""
