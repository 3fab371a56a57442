"""Back-tests of a draft: choose recorded cases, follow the run, read what the change would have made of them."""

from web.studio.backtest.views import blueprint

__all__ = ["blueprint"]
