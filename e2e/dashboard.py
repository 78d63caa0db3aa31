"""Asks Prometheus every query of a Grafana dashboard: dashboard.py FILE ADDRESS fails when one has no answer."""

import json
import sys
import urllib.parse
import urllib.request

with open(sys.argv[1], encoding="utf-8") as file:
    panels = json.load(file)["panels"]
queries = 0
silent = []
for panel in panels:
    for target in panel["targets"]:
        query = target["expr"].replace("$agent", ".+")
        address = sys.argv[2] + "/api/v1/query?" + urllib.parse.urlencode({"query": query})
        with urllib.request.urlopen(address, timeout=60) as answer:
            result = json.load(answer)["data"]["result"]
        queries += 1
        if not result:
            silent.append("%s: %s" % (panel["title"], query))
if silent:
    print("no answer to " + "; ".join(silent), file=sys.stderr)
    sys.exit(1)
print("%d queries of %d panels answered" % (queries, len(panels)))
