"""From webhook to committed row: AUSTA's door as it is served, beside a pywa handler and a bare ASGI app."""
