/**
 * The configuration of an agent: records, their rules, and the reader that reports all violations.
 *
 * <p>{@link AgentConfigFile#read} binds the top-level sections of a YAML file to {@link
 * AgentConfig} and to one more record, the service's own:
 *
 * <pre>{@code
 * record IngesterConfig(Ingester ingester) {
 *   record Ingester(
 *       @Default("1000") @Min(1) @Max(10_000) int maxBatchEvents,  // ingester.max_batch_events
 *       @Default("0.5") Duration flush,                            // ingester.flush_seconds
 *       @Key("lease_ms") @Default("250") Duration lease,           // ingester.lease_ms
 *       Optional<Path> spool,                                      // may be absent
 *       @Default("[]") List<@NotBlank String> skippedTypes,
 *       Secret password) {}                                        // password or password_file
 * }
 * }</pre>
 *
 * <ul>
 *   <li>A key is the component's name in snake case, or what {@link Key} says. A {@code Duration}
 *       is a number, decimals included, and its key ends in its unit; {@code _seconds} is added
 *       when no {@link Key} says otherwise.
 *   <li>A component is required unless it has a {@link Default} or is an {@code Optional}. A
 *       section that is absent is bound as if it were empty, an {@code Optional} one stays empty. A
 *       key without a value counts as absent.
 *   <li>Types: {@code String}, {@code boolean}, {@code int}, {@code long}, {@code double}, enums
 *       (lower-case with dashes), {@code Duration}, {@code Path}, {@link Secret}, {@code SpiffeId},
 *       {@code TrustDomain}, records, and {@code Optional}, {@code List} and {@code Map<String, …>}
 *       of these. Other types are a bug of the record and throw {@code IllegalArgumentException}.
 *   <li>Jakarta constraints on components, on what a list or an {@code Optional} holds, and on
 *       methods such as {@code @AssertTrue boolean isConsistent()} are checked for each record by
 *       itself; {@code @Valid} is not needed. A constructor that throws is a violation as well.
 *   <li>{@code AGENTWEAVE_SECTION_KEY} overrides single values and lists of them, separated by
 *       commas. A variable that names a section but none of its keys is a violation.
 *   <li>Violations never show a value.
 * </ul>
 */
@NullMarked
package io.agentweave.config;

import org.jspecify.annotations.NullMarked;
