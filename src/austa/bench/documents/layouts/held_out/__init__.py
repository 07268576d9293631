"""HELD OUT: see `family.py`."""
