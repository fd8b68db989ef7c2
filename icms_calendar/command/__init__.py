"""The command line: options, one call of the library each, and its report."""
