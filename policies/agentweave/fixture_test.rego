# A request and a grant that fit each other, for tests to break.
package agentweave.fixture

ingester := "spiffe://agentweave.io/agent/ingester"

processor := "spiffe://agentweave.io/agent/processor"

storage := "spiffe://agentweave.io/agent/storage"

operator := "spiffe://agentweave.io/operator/cli"

request := call("inbound", ingester, processor, "process_event")

call(direction, caller, callee, action) := {
	"direction": direction,
	"caller_spiffe_id": caller,
	"callee_spiffe_id": callee,
	"resource_spiffe_id": callee,
	"caller_trust_domain": "agentweave.io",
	"resource_trust_domain": "agentweave.io",
	"action": action,
	"timestamp": "2026-11-20T09:30:00Z",
	"context": {
		"request_id": "req-1",
		"task_id": "task-1",
		"payload_size": 512,
		"deadline_ms": 30000,
		"environment": "production",
		"utc_hour": 9,
		"utc_weekday": "friday",
		"rpc": "SendMessage",
	},
}

grant := {
	"id": "g",
	"caller": ingester,
	"callee": processor,
	"capabilities": ["process_event"],
	"directions": ["inbound"],
	"limits": {},
}

# put(document, path, value): the document with that value at the path.
put(document, path, value) := json.patch(document, [{"op": "add", "path": path, "value": value}])

# cut(document, path): the document without the path.
cut(document, path) := json.patch(document, [{"op": "remove", "path": path}])

# of_wrong_type: one value of each kind, none of which is a useful string, number, list or object.
of_wrong_type := [null, true, false, -1, 1.5, "", [], {}, [null], {"x": 1}]
