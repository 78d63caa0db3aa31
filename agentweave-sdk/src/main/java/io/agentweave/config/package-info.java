/**
 * The configuration of an agent: records, their rules, and the reader that reports all violations.
 */
@NullMarked
package io.agentweave.config;

import org.jspecify.annotations.NullMarked;
