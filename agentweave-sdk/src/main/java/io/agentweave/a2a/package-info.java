/** The Agent2Agent protocol: messages, tasks, cards, errors. */
@NullMarked
package io.agentweave.a2a;

import org.jspecify.annotations.NullMarked;
