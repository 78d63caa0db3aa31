/**
 * What a payload must look like before a handler sees it.
 *
 * <p><b>Binding.</b> A payload is a JSON object. Its members bind to the parameters of the handler
 * by name, in snake case or as the parameter is spelled. A handler with a single record parameter
 * (besides those that the mesh supplies) also takes the payload itself as that record: it does so
 * when the payload has no member of the parameter's name, or when the record has a component of
 * that name. So {@code ingestEvent(Event eventData)} accepts {@code {"event_data": {...}}} and
 * {@code {"event_id": ...}}, and complains about the latter form when neither fits. A single {@code
 * Payload} parameter gets the bytes as they arrived, read and judged by nobody yet.
 *
 * <p><b>Types.</b> {@code String}, {@code boolean}, {@code int}, {@code long}, {@code double},
 * {@code BigInteger}, {@code BigDecimal}, enums (lower-case names), {@code Instant} and {@code
 * OffsetDateTime} (RFC 3339, with offset), {@code LocalDate}, {@code UUID}, {@code SpiffeId},
 * {@code JsonNode}, {@code ObjectNode}, {@code ArrayNode}, {@code ObjectText} (an object as it was
 * written), {@code Payload}, records with members in snake case, and {@code Optional}, {@code List}
 * and {@code Map<String, …>} of these. Nothing is converted silently: {@code "5"} is no number and
 * {@code 5} no text.
 *
 * <p><b>Rules.</b> Jakarta constraints on parameters and on record components are checked for each
 * record by itself, without {@code @Valid}. Violations name field, rule and the value's shape,
 * never a value, and come all at once, at most a hundred of them.
 */
@NullMarked
package io.agentweave.validation;

import org.jspecify.annotations.NullMarked;
