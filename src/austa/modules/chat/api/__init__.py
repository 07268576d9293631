"""The door of `chat`: `conversations` takes, shows and sends messages; beside it what its staff works with."""
