"""The door of `language`: `language` holds what may be asked, `entities` the facts it finds in a message."""
