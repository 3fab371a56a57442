"""Pages and the command line; the only rooms that know Flask."""
