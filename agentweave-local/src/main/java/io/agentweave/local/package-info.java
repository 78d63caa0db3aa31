/** The mesh on one machine: starts, watches and stops its parts. */
@NullMarked
package io.agentweave.local;

import org.jspecify.annotations.NullMarked;
