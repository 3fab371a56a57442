"""Every page of the shell opens, in both languages, and passes the page client's eye."""

import pytest

PUBLIC = ["/", "/masuk", "/daftar", "/lupa-sandi", "/surel-terkirim", "/surel-terkirim?untuk=aktivasi", "/mailbox"]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_visitor_opens_every_public_page(browser, url):
    assert browser().get(url).status == 200


def test_a_page_that_is_not_there_says_so(browser):
    page = browser().get("/tidak-ada")
    assert page.status == 404
    assert page.heading == "Halaman tidak ditemukan"
