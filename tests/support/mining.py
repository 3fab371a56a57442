"""Run by pm4py's own Python: reads the logs named on the command line and prints what it finds in them as JSON."""

import json
import sys

import pm4py

xes, ocel = sys.argv[1:]
log = pm4py.read_xes(xes)
done = log[log["lifecycle:transition"] == "complete"]
dfg, starts, ends = pm4py.discover_dfg(done)
tree = pm4py.discover_process_tree_inductive(done)


def leaves(node):
    return {node.label} if not node.children else set().union(*map(leaves, node.children))


objects = pm4py.read_ocel2_json(ocel)
print(  # noqa: T201 -- the answer
    json.dumps(
        {
            "cases": sorted(log["case:concept:name"].unique()),
            "activities": sorted(done["concept:name"].unique()),
            "follows": sorted([a, b, int(n)] for (a, b), n in dfg.items()),
            "starts": starts,
            "ends": ends,
            "tree": sorted(leaf for leaf in leaves(tree) if leaf),
            "resources": sorted(done["org:resource"].dropna().unique()),
            "roles": sorted(done["org:role"].dropna().unique()),
            "working": [int(n) for n in done[done["concept:name"] == "Periksa"]["alur:workingSeconds"]],
            "late": [str(v).lower() for v in done[done["concept:name"] == "Periksa"]["alur:late"]],
            "types": objects.objects.groupby("ocel:type").size().to_dict(),
            "events": sorted(objects.events["ocel:activity"].unique()),
            "qualifiers": sorted(objects.relations["ocel:qualifier"].unique()),
        }
    )
)
