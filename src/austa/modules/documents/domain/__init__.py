"""From lines of text to facts with proof. Pure: text and tables in, fields out."""
