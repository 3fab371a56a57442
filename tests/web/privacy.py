"""A procedure whose form asks for everything personal, and a case of it: what no masked page may show."""

import json

from engine.definitions import deploy, package_of
from tests.web.procedures import APPLY, KEY, MANIFEST, acting, case_of, permit, task_of

PERSONAL = {
    "full_name": "Siti Aminah, S.Kom.",
    "nip": "198609262015051001",
    "nik": "3515144508680002",
    "npwp": "3515144508680002",
    "email": "siti.aminah@rumah.example",
    "phone": "081298765432",
}
LEAKS = ("Siti Aminah", "198609262015051001", "19860926", "3515144508680002", "siti.aminah", "81298765432", "98765432")
"""None of these may be read where masking holds."""
_TYPES = {"nip": "nip", "nik": "nik", "npwp": "npwp", "email": "email", "phone": "mobile"}


def deploy_personal(app, now) -> str:
    """The permit with its applicant's data, their name in the title of the case, and how long it is kept."""
    parts = app.extensions["alur"]
    fields = [
        {
            "type": "textfield",
            "key": key,
            "label": key.upper(),
            "properties": {"label_en": key.upper(), **({"type": _TYPES[key]} if key in _TYPES else {})},
        }
        for key in PERSONAL
    ]
    form = {**APPLY, "components": [*APPLY["components"][:-1], *fields, APPLY["components"][-1]]}
    manifest = MANIFEST.replace("title = 'purpose'", "title = 'purpose + \", \" + full_name'")
    manifest += '[retention]\nactive_years = 2\ninactive_years = 3\nfinal = "destroyed"\n'
    files = {**permit(), "forms/apply.json": json.dumps(form).encode(), "process.toml": manifest.encode()}
    with parts.database.write() as unit:
        return deploy(unit, package_of(KEY, files), parts.registry, "tests", "versi pertama", now).id


def apply_with_data(app, user, purpose="Ibu–anak: bazar untuk Siti Aminah (081298765432)") -> str:
    """A case that stands before the officer; returns its number."""
    runner, actor = app.extensions["alur"].runner, acting(app, user)
    instance_id = runner.start(KEY, actor)
    answers = {"purpose": purpose, "people": "40", **PERSONAL}
    runner.complete(task_of(app, instance_id, "apply").id, actor, answers)
    return case_of(app, instance_id).number


def leaks_in(text: str) -> list[str]:
    return [leak for leak in LEAKS if leak.lower() in text.lower()]
