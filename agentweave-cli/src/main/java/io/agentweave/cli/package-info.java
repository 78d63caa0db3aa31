/**
 * The command line: a thin caller of the SDK. Standard output is payload, standard error the rest.
 */
@NullMarked
package io.agentweave.cli;

import org.jspecify.annotations.NullMarked;
