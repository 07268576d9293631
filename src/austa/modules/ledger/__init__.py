"""Append-only Merkle log of decisions, one per operator: commitments, checkpoints, proofs."""
