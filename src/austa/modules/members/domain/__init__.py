"""Rules of `members`, pure."""
