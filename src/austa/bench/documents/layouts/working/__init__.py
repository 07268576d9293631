"""The family to work with."""
