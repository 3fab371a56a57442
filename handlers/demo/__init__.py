"""The demo: an account for each role, packages deployed, a few cases in different states. Loading again is safe."""

from handlers.demo.accounts import PASSWORD, DemoAccount
from handlers.demo.load import Demo, load_demo

__all__ = ["PASSWORD", "Demo", "DemoAccount", "load_demo"]
