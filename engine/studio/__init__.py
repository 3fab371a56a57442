"""The studio: what a process owner does to a procedure before it is published."""
