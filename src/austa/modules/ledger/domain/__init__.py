"""The ledger's rules, pure: tree, leaf, note, and the verification of what was exported."""
