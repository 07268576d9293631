"""Use cases of `chat`: inbox, red flags and tasks, turns of the dialogue, requests, sending."""
