"""The door of `prior_auth`: `requests` asks, follows and decides; `clocks` holds calendars, terms and their records."""
