package io.agentweave.cli;

import picocli.CommandLine.Command;

@Command(
    name = "audit",
    description = "Checks the agents' own records of what they decided and did.",
    mixinStandardHelpOptions = true,
    subcommands = AuditVerifyCommand.class)
final class AuditCommand {}
