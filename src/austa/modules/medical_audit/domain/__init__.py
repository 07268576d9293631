"""Rules of the queue and the case, pure."""
