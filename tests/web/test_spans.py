"""Lengths of time are told in the reader's language, in working days where they were counted so."""

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from web.i18n import Catalogues
from web.words.spans import elapsed_text, working_text

SPAN = timedelta(days=2, hours=3, minutes=40)


@pytest.fixture
def bare_app():
    """Nothing but the catalogues: no database is needed to tell a length."""
    app = Flask(__name__)
    Babel(app, default_locale="id").domain_instance = Catalogues()
    with app.test_request_context("/"):
        yield app


@pytest.mark.parametrize(
    ("span", "indonesian", "english"),
    [
        (SPAN, "2 hari kerja 3 jam", "2 working days 3 hours"),
        (timedelta(days=1), "1 hari kerja", "1 working day"),
        (timedelta(hours=1, minutes=5), "1 jam 5 menit", "1 hour 5 minutes"),
        (timedelta(seconds=30), "0 menit", "0 minutes"),
        (-SPAN, "2 hari kerja 3 jam", "2 working days 3 hours"),
        (None, "–", "–"),
    ],
)
@pytest.mark.usefixtures("bare_app")
def test_working_time_is_told_in_days_and_hours(span, indonesian, english):
    assert working_text(span) == indonesian
    with force_locale("en"):
        assert working_text(span) == english


@pytest.mark.usefixtures("bare_app")
def test_time_by_the_clock_says_plain_days():
    assert elapsed_text(SPAN) == "2 hari 3 jam"
