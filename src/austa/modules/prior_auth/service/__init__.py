"""Use cases of prior authorization."""
