"""Portuguese: red flags, intents, entities, and the terminologies TUSS and CID-10."""
