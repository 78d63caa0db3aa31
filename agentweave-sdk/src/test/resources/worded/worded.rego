package worded

decision := {"allow": input.action == "speak", "reason": sprintf("%s by %s", [input.action, input.caller_spiffe_id])}
