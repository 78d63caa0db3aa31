package io.agentweave.config;

import io.agentweave.config.AgentSection.Environment;
import io.agentweave.config.AuthorizationSection.DefaultAction;
import io.agentweave.identity.SpiffeId;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings that are fine alone and impossible together. Works on single values, so that it finds
 * what it can even when other keys are wrong.
 */
final class Combinations {
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]]+):([0-9]{1,5})");

  /** No user, query or fragment: neither a collector nor OPA has a use for them. */
  private static final Pattern HTTP_ENDPOINT =
      Pattern.compile(
          "https?://(\\[[0-9a-fA-F:.]+]|[^\\s:/?#@\\[\\]]+)(:(?<port>[0-9]{1,5}))?(/[^\\s?#]*)?");

  private final Map<String, Object> bound;
  private final Problems problems;

  private Combinations(Map<String, Object> bound, Problems problems) {
    this.bound = bound;
    this.problems = problems;
  }

  static void check(Map<String, Object> bound, Problems problems) {
    Combinations rules = new Combinations(bound, problems);
    rules.production();
    rules.missingParts();
    rules.endpoint("authorization.opa_endpoint");
    rules.endpoint("observability.tracing.endpoint");
    rules.authorities("authorization.opa_ca_file", "authorization.opa_endpoint");
    rules.authorities("observability.tracing.ca_file", "observability.tracing.endpoint");
    rules.capabilities();
    rules.places();
    rules.ports();
    rules.retryDelays();
    rules.addresses();
  }

  private void production() {
    if (!is("agent.environment", Environment.PRODUCTION)) {
      return;
    }
    if (is("identity.provider", IdentitySection.Provider.STATIC)) {
      problems.add(
          "identity.provider",
          "must be spiffe in production: keys in files are neither attested nor rotated");
    }
    if (is("authorization.default_action", DefaultAction.LOG_ONLY)) {
      problems.add(
          "authorization.default_action",
          "must be deny in production: log-only lets refused calls through");
    }
  }

  private void missingParts() {
    if (is("authorization.provider", AuthorizationSection.Provider.OPA_EMBEDDED)
        && is("authorization.bundle", Optional.empty())) {
      problems.add(
          "authorization.bundle",
          "is required with provider opa-embedded: the folder of policy.wasm and grants.json");
    }
    if (is("identity.provider", IdentitySection.Provider.STATIC)
        && is("identity.static", Optional.empty())) {
      problems.add(
          "identity.static",
          "is required with provider static: certificate, key and bundle, each a PEM file");
    }
  }

  /** What has the right beginning may still be no address. */
  private void endpoint(String key) {
    if (bound(key) instanceof String address
        && address.matches("https?://.+")
        && !isHttpEndpoint(address)) {
      problems.add(key, "must be http://host:port or https://host:port");
    }
  }

  /** Authorities prove an https endpoint; given for another one, somebody expects TLS in vain. */
  private void authorities(String file, String endpoint) {
    if (bound(file) instanceof Optional<?> given
        && given.isPresent()
        && bound(endpoint) instanceof String address
        && !address.startsWith("https://")) {
      problems.add(file, "is of use only where " + endpoint + " starts with https://");
    }
  }

  private void capabilities() {
    Map<Object, String> seen = new HashMap<>();
    for (int i = 0; bound("agent.capabilities") instanceof List<?> all && i < all.size(); i++) {
      String key = "agent.capabilities[" + i + "].name";
      Object name = bound(key);
      String earlier = name == null ? null : seen.putIfAbsent(name, key);
      if (earlier != null) {
        problems.add(key, "is the same as " + earlier);
      }
    }
  }

  /** A capability that takes all places starves the others. */
  private void places() {
    if (!(bound("server.max_concurrent_requests") instanceof Integer all)) {
      return;
    }
    for (int i = 0; bound("agent.capabilities") instanceof List<?> list && i < list.size(); i++) {
      String key = "agent.capabilities[" + i + "].max_concurrent_requests";
      if (bound(key) instanceof Optional<?> given
          && given.orElse(null) instanceof Integer most
          && most >= all) {
        problems.add(
            key,
            "must be less than server.max_concurrent_requests: no capability may take all places");
      }
    }
  }

  private void ports() {
    Object port = bound("server.port");
    if (port != null
        && !port.equals(0)
        && is("observability.metrics.enabled", true)
        && is("observability.metrics.port", port)) {
      problems.add("observability.metrics.port", "must differ from server.port");
    }
  }

  private void retryDelays() {
    if (bound("transport.retry.base_delay_seconds") instanceof Duration base
        && bound("transport.retry.max_delay_seconds") instanceof Duration max
        && base.compareTo(max) > 0) {
      problems.add(
          "transport.retry.base_delay_seconds", "must not be longer than max_delay_seconds");
    }
  }

  private void addresses() {
    if (bound("discovery.static") instanceof Map<?, ?> addresses) {
      addresses.forEach((id, address) -> address(String.valueOf(id), String.valueOf(address)));
    }
    if (bound("discovery.template") instanceof String template
        && !isHostAndPort(template.replace("{name}", "name"))) {
      problems.add("discovery.template", "must be host:port, in which {name} may stand");
    }
  }

  private void address(String id, String address) {
    String key = "discovery.static." + id;
    try {
      SpiffeId.parse(id);
    } catch (IllegalArgumentException e) {
      problems.add(key, "the key must be a SPIFFE ID: " + e.getMessage());
    }
    if (!isHostAndPort(address)) {
      problems.add(key, "must be host:port");
    }
  }

  private static boolean isHttpEndpoint(String address) {
    var parts = HTTP_ENDPOINT.matcher(address);
    if (!parts.matches() || (parts.group("port") != null && !isPort(parts.group("port")))) {
      return false;
    }
    try {
      URI.create(address);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isHostAndPort(String address) {
    var parts = HOST_AND_PORT.matcher(address);
    return parts.matches() && isPort(parts.group(2));
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535;
  }

  private boolean is(String key, Object value) {
    return Objects.equals(bound(key), value);
  }

  private @Nullable Object bound(String key) {
    return bound.get(key);
  }
}
