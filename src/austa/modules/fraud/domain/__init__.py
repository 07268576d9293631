"""The thirty rules as pure functions: a picture and settings in, sentences with evidence out."""
