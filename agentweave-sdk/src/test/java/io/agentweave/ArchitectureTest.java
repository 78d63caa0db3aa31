package io.agentweave;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of packages: which package may use which, and which one owns which vendor. A package
 * that is not in it fails.
 */
class ArchitectureTest {
  private static final String ROOT = "io.agentweave.";

  private static final JavaClasses SDK =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.agentweave");

  /** From the top: each row may use the rows above it, and packages of one row each other. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("call"),
          List.of("journal"),
          List.of("identity"),
          List.of("authz"),
          List.of("validation", "config"),
          List.of("admission"),
          List.of("audit"),
          List.of("deadletter"),
          List.of("telemetry"),
          List.of("a2a"),
          List.of("transport"),
          List.of("server", "client"),
          List.of("agent"));

  /** The vendors' packages, and ours that may import them. */
  private static final Map<List<String>, List<String>> OWNERS = new LinkedHashMap<>();

  static {
    OWNERS.put(List.of("io.spiffe.."), List.of("identity"));
    OWNERS.put(List.of("okhttp3..", "okio..", "com.styra..", "com.dylibso.."), List.of("authz"));
    OWNERS.put(List.of("jakarta.validation..", "org.hibernate.."), List.of("validation", "config"));
    OWNERS.put(List.of("org.snakeyaml.."), List.of("config"));
    OWNERS.put(List.of("io.github.bucket4j.."), List.of("admission"));
    // A breaker stands before each thing that can be dead: a target, and OPA.
    OWNERS.put(List.of("io.github.resilience4j.."), List.of("client", "authz"));
    OWNERS.put(List.of("com.github.benmanes.caffeine.."), List.of("admission", "client", "authz"));
    OWNERS.put(
        List.of("io.opentelemetry..", "io.micrometer..", "io.prometheus..", "ch.qos.logback.."),
        List.of("telemetry"));
    // identity speaks to the Workload API over a Unix socket.
    OWNERS.put(List.of("io.netty.."), List.of("server", "client", "transport", "identity"));
    OWNERS.put(
        List.of("io.grpc.."), List.of("server", "client", "transport", "identity", "a2a.v1"));
    OWNERS.put(List.of("io.agentweave.a2a.v1.."), List.of("a2a", "server", "client", "a2a.v1"));
    OWNERS.put(List.of("com.zaxxer..", "java.sql.."), List.of("deadletter"));
    // An agent names its data source; only the dead letters look into it.
    OWNERS.put(List.of("javax.sql.."), List.of("deadletter", "agent"));
  }

  @Test
  void everyPackage_isInTheTable() {
    TreeSet<String> listed = new TreeSet<>();
    ROWS.forEach(listed::addAll);
    TreeSet<String> found =
        SDK.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()))
            .filter(name -> !name.startsWith("a2a.v1"))
            .collect(Collectors.toCollection(TreeSet::new));
    org.assertj.core.api.Assertions.assertThat(found).isEqualTo(listed);
  }

  @Test
  void noPackage_usesOneBelowItself() {
    List<String> below = new ArrayList<>();
    for (List<String> row : ROWS.reversed()) {
      for (String name : row) {
        if (!below.isEmpty()) {
          ArchRule rule =
              noClasses()
                  .that()
                  .resideInAPackage(ROOT + name)
                  .should()
                  .dependOnClassesThat()
                  .resideInAnyPackage(below.toArray(String[]::new));
          rule.allowEmptyShould(true).check(SDK);
        }
      }
      row.forEach(name -> below.add(ROOT + name));
    }
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("io.agentweave.(*)..").should().beFreeOfCycles().check(SDK);
  }

  @Test
  void vendors_areImportedByTheirOwnersOnly() {
    OWNERS.forEach(
        (vendor, owners) ->
            noClasses()
                .that(
                    not(
                        resideInAnyPackage(
                            owners.stream().map(owner -> ROOT + owner).toArray(String[]::new))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(vendor.toArray(String[]::new))
                .because("only " + owners + " may import " + vendor)
                .check(SDK));
  }

  @Test
  void serverInterceptors_areNotUsed_becauseAChainOfOurOwnIsTheOnlyWayIn() {
    noClasses()
        .should()
        .callMethod(io.grpc.ServerBuilder.class, "intercept", io.grpc.ServerInterceptor.class)
        .orShould()
        .implement(io.grpc.ServerInterceptor.class)
        .because("ServerBuilder.intercept runs in reverse, and the chain is InboundChain")
        .check(SDK);
  }

  @Test
  void proofs_areMadeByTheirOwnPackagesOnly() {
    classes()
        .that()
        .haveFullyQualifiedName("io.agentweave.authz.Permit")
        .or()
        .haveFullyQualifiedName("io.agentweave.identity.PeerIdentity")
        .should()
        .haveOnlyFinalFields()
        .andShould(PackagePrivateConstructors.ONLY)
        .check(SDK);
  }

  @Test
  void escapeHatches_areNotInTheSdk() {
    noClasses().should().haveSimpleNameStartingWith("Insecure").check(SDK);
  }
}
