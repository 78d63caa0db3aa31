package io.agentweave.cli;

/** How a result is written to standard output. */
enum OutputFormat {
  TEXT,
  JSON
}
