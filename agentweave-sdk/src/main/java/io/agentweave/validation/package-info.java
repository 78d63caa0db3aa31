/** What a payload must look like before a handler sees it. */
@NullMarked
package io.agentweave.validation;

import org.jspecify.annotations.NullMarked;
