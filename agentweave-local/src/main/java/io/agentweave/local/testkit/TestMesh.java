package io.agentweave.local.testkit;

import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentRunner;
import io.agentweave.agent.RunningAgent;
import io.agentweave.agent.SecureAgent;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.identity.WorkloadApiSettings;
import io.agentweave.local.authority.Attestor;
import io.agentweave.local.authority.LocalAuthority;
import io.agentweave.local.authority.WorkloadApiServer;
import io.agentweave.local.process.PrivateFiles;
import io.agentweave.validation.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A mesh in the test's own process. Every identity comes over a real Workload API, every decision
 * from the project's own rules, every call over mutual TLS. Nobody has a right that the test did
 * not grant. Closing it ends everything that it started.
 */
public final class TestMesh implements AutoCloseable {
  private static final Duration STARTUP = Duration.ofMinutes(2);
  private static final Duration CALL = Duration.ofMinutes(1);

  private final Path folder;
  private final LocalAuthority authority;
  private final GrantFile grants;
  private final Map<SpiffeId, WorkloadApiServer> workloadApis = new HashMap<>();
  private final Map<SpiffeId, TestCaller> callers = new HashMap<>();
  private final Map<SpiffeId, String> addresses = new HashMap<>();
  private final Set<LocalAuthority> partners = new LinkedHashSet<>();
  private final Set<TrustDomain> allowed = new LinkedHashSet<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private TestMesh(Path folder, LocalAuthority authority) {
    this.folder = folder;
    this.authority = authority;
    grants = new GrantFile(folder.resolve("policies"));
    allowed.add(authority.trustDomain());
  }

  /** A mesh of the trust domain {@code agentweave.io} whose SVIDs live for an hour. */
  public static TestMesh open() {
    return open(new LocalAuthority(new TrustDomain("agentweave.io"), Duration.ofHours(1)));
  }

  /** A mesh with an authority of the test's own: another domain, a shorter life. */
  public static TestMesh open(LocalAuthority authority) {
    try {
      return new TestMesh(Files.createTempDirectory("agentweave-test-"), authority);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Rotate it, drop it, issue SVIDs of your own with it. */
  public LocalAuthority authority() {
    return authority;
  }

  /**
   * Gives everybody here the bundle of another trust domain, live. That alone lets nobody from
   * there in: see {@link #allow}.
   */
  public synchronized void federate(LocalAuthority partner) {
    if (partners.add(partner)) {
      workloadApis.values().forEach(api -> api.federate(partner));
    }
  }

  /**
   * Adds to {@code identity.allowed_trust_domains} of the agents that are started, and of the
   * callers that call for the first time, from now on.
   */
  public synchronized void allow(TrustDomain... more) {
    allowed.addAll(List.of(more));
  }

  /** Grants rights, live. */
  public void grant(Grant... more) {
    grants.add(List.of(more));
  }

  /** Takes rights away, live. */
  public void revoke(Grant... fewer) {
    grants.remove(List.of(fewer));
  }

  /** The Workload API that takes everybody in this process for {@code spiffeId}. */
  public synchronized WorkloadApiServer workloadApi(String spiffeId) {
    return workloadApis.computeIfAbsent(
        SpiffeId.parse(spiffeId),
        id -> {
          try {
            WorkloadApiServer api =
                opened(
                    WorkloadApiServer.start(
                        folder.resolve("w" + workloadApis.size() + ".sock"),
                        authority,
                        Attestor.insecureEverybodyIs(id)));
            partners.forEach(api::federate);
            return api;
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }

  /** A new source of this identity. */
  public synchronized IdentitySource identity(String spiffeId) {
    return opened(
        IdentitySources.fromWorkloadApi(
            new WorkloadApiSettings(
                workloadApi(spiffeId).endpoint(),
                Optional.of(SpiffeId.parse(spiffeId)),
                allowed,
                STARTUP)));
  }

  /** A new engine that decides by the mesh's grants, for any caller and callee. */
  public synchronized PolicyEngine policy(Grant... more) {
    grant(more);
    return opened(Authorization.embeddedEngine(grants.folder(), TestConfig.POLICY_PATH, CALL));
  }

  /**
   * Starts an agent as {@code spiffe://TRUST_DOMAIN/agent/NAME}, with the capabilities that its
   * methods declare. It finds the agents that were started before it.
   */
  public synchronized RunningAgent start(String name, SecureAgent agent) {
    String spiffeId = "spiffe://" + authority.trustDomain() + "/agent/" + name;
    TestConfig config =
        new TestConfig(
            name,
            authority.trustDomain(),
            Set.copyOf(allowed),
            folder,
            workloadApi(spiffeId).endpoint(),
            grants.folder(),
            addresses);
    RunningAgent running = opened(AgentRunner.start(config.of(agent), agent));
    addresses.put(running.spiffeId(), "127.0.0.1:" + running.port());
    return running;
  }

  /**
   * Calls a capability as {@code caller} and waits for its end.
   *
   * @param payload a {@link Payload}, or anything that JSON can say
   */
  public CallOutcome<TaskResult> call(
      String caller, RunningAgent target, String capability, Object payload) {
    Payload json = payload instanceof Payload given ? given : Payload.ofJson(Json.write(payload));
    return caller(caller)
        .call(target.spiffeId(), "127.0.0.1:" + target.port(), capability, json, CALL);
  }

  /** Where an agent keeps its audit log and its dead letters. */
  public Path dataOf(String name) {
    return folder.resolve(name);
  }

  /** Ends everything, the newest first, and removes the files. */
  @Override
  public synchronized void close() {
    try {
      while (!opened.isEmpty()) {
        opened.removeLast().close();
      }
    } catch (Exception failed) {
      throw new IllegalStateException("the test mesh did not close", failed);
    } finally {
      PrivateFiles.deleteAll(folder);
    }
  }

  private synchronized TestCaller caller(String spiffeId) {
    return callers.computeIfAbsent(
        SpiffeId.parse(spiffeId),
        id ->
            opened(
                new TestCaller(
                    identity(spiffeId), policy(), folder.resolve("caller-" + callers.size()))));
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.addLast(part);
    return part;
  }
}
