"""Python behind service tasks, one module per subject. `register_all` is called by the composition roots."""

from engine.registry import Registry


def register_all(registry: Registry) -> None:
    """Put every handler of this installation into `registry`."""
