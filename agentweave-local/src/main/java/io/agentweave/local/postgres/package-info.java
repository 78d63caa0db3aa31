/** A PostgreSQL server of one's own: unpacked, initialised, durable, behind a password. */
@NullMarked
package io.agentweave.local.postgres;

import org.jspecify.annotations.NullMarked;
