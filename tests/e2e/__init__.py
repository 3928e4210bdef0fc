"""The built product in a real browser: what its people see, from end to end.

The shop under test is a process of its own, started by the command that README names.
Tests speak through ``Visitor``, ``Operator`` and ``Manager``, and wait for conditions.
"""
