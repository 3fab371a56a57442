"""The folder of packages that scenarios are played on."""

import pytest

from tests.engine.scenarios.theatre import write_packages


@pytest.fixture
def stage(tmp_path):
    write_packages(tmp_path)
    return tmp_path
