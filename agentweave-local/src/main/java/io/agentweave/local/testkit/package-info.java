/**
 * A mesh for tests, in the test's own process: authority, identities, grants and agents in a few
 * lines, on the code path of production.
 */
@NullMarked
package io.agentweave.local.testkit;

import org.jspecify.annotations.NullMarked;
