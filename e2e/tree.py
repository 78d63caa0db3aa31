"""Draws the newest trace of a Jaeger answer as a tree: tree.py ANSWER SPAN ... fails unless a trace has all these spans."""

import json
import sys


def draw(trace, parent, depth, lines):
    known = {span["spanID"] for span in trace["spans"]}
    for span in sorted(trace["spans"], key=lambda s: s["startTime"]):
        above = [r["spanID"] for r in span.get("references", []) if r["refType"] == "CHILD_OF"]
        # A span whose parent is not (yet) there is drawn as a root.
        if (above[0] if above and above[0] in known else None) == parent:
            service = trace["processes"][span["processID"]]["serviceName"]
            lines.append("%s%s (%.1f ms) %s" % ("  " * depth, span["operationName"], span["duration"] / 1000, service))
            draw(trace, span["spanID"], depth + 1, lines)


wanted = set(sys.argv[2:])
with open(sys.argv[1], encoding="utf-8") as answer:
    traces = json.load(answer)["data"]
for trace in sorted(traces, key=lambda t: -max(s["startTime"] for s in t["spans"])):
    names = {span["operationName"] for span in trace["spans"]}
    if wanted <= names:
        lines = ["Trace " + trace["traceID"]]
        draw(trace, None, 1, lines)
        print("\n".join(lines))
        sys.exit(0)
    missing = wanted - names
    if len(missing) < len(wanted):
        print("trace %s lacks %s" % (trace["traceID"], ", ".join(sorted(missing))), file=sys.stderr)
print("no trace of %d has all of %s" % (len(traces), ", ".join(sorted(wanted))), file=sys.stderr)
sys.exit(1)
