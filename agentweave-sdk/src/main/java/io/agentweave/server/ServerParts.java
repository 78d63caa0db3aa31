package io.agentweave.server;

import io.agentweave.admission.AdmissionControl;
import io.agentweave.audit.AuditLog;
import io.agentweave.authz.Authorizer;
import io.agentweave.identity.IdentitySource;
import io.agentweave.telemetry.Telemetry;

/** What a server stands on. Whoever gives the parts closes them, after the server. */
public record ServerParts(
    IdentitySource identity,
    Authorizer authorizer,
    AdmissionControl admission,
    AuditLog audit,
    Telemetry telemetry) {}
