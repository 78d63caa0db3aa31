/** The measurements of this project: what is run, in which order, and what is written down. */
@NullMarked
package io.agentweave.bench;

import org.jspecify.annotations.NullMarked;
