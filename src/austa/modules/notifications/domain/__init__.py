"""Rules of `notifications`: the words, and the way a message takes."""
