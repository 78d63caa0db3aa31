/** The PostgreSQL database that processor and storage share: its section, its pool, its errors. */
@NullMarked
package io.agentweave.pipeline.database;

import org.jspecify.annotations.NullMarked;
