"""Urgency of a complaint: what a story says, and the few questions that would change the level most."""
