package io.agentweave.pipeline.database;

import io.agentweave.config.Default;
import io.agentweave.config.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;

/**
 * {@code database}: where the events are.
 *
 * @param url {@code database.url}, such as {@code jdbc:postgresql://postgres:5432/events}
 * @param user {@code database.user}
 * @param password {@code database.password}, or a file of it in {@code database.password_file}
 * @param poolSize {@code database.pool_size}: at most so many connections
 */
public record DatabaseSection(
    @Pattern(regexp = "jdbc:postgresql:.+", message = "must start with jdbc:postgresql:")
        String url,
    @NotBlank String user,
    Secret password,
    @Default("8") @Min(2) @Max(100) int poolSize) {}
