"""How conversations bear load and crashes: members who write, Meta's stand-in, kills, and what both saw."""
