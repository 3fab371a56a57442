"""Cases taken along: as bundles that prove themselves without Alur, and as event logs for process mining."""

from engine.bundles.content import Sheaf
from engine.bundles.log import CaseLog, read_log
from engine.bundles.ocel import ocel
from engine.bundles.packing import Packer, Pages
from engine.bundles.persons import Persons
from engine.bundles.xes import xes

__all__ = ["CaseLog", "Packer", "Pages", "Persons", "Sheaf", "ocel", "read_log", "xes"]
