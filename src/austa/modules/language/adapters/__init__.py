"""Where the terminologies come from: the `tiss` package and files of the operator."""
