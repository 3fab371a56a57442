"""The parts that exports are made with, put together for an installation."""

from collections.abc import Callable

from flask import Flask

from engine.bundles import Packer
from engine.bundles.runs import Store
from engine.definitions import Definitions
from engine.documents import Documents
from engine.letters.signing import Signer
from engine.settings import Settings
from engine.unit_of_work import Database
from web.audit.bundles.pages import BundlePages


def packer_for(settings: Settings, database: Database, signer: Signer, make_app: Callable[[], Flask]) -> Packer:
    """`make_app`: an application for the words of pages; it is made when a page is written."""
    documents = Documents(settings.documents_folder)
    pages = BundlePages(make_app)
    return Packer(database, Definitions(database), documents, signer, settings.base_url, pages)


def store_for(settings: Settings, database: Database, signer: Signer, make_app: Callable[[], Flask]) -> Store:
    """Where files wait for a day; readable by nobody else."""
    return Store(settings.exports_folder, packer_for(settings, database, signer, make_app))
