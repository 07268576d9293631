"""The reader: a child process that opens files from strangers and reads their pages."""
