"""One module per subcommand of `alur`; each offers `command`, a click command."""
