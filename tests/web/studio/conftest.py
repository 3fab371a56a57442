"""The pages of the studio, on one database: what the databases must do is tried on both elsewhere."""

import pytest

from tests.web.procedures import deploy_permit


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def permits(app, clock):
    """The id of the first version of the small procedure."""
    return deploy_permit(app, clock.now())


@pytest.fixture
def indah(browser, person):
    return browser(person("Indah Permata", roles=["owner"]))


@pytest.fixture
def bayu(browser, person):
    return browser(person("Bayu Pratama", roles=["owner"]))
