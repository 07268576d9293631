"""What `chat` knows without a database: webhooks, phones, triage terms, the dialogue and its texts."""
