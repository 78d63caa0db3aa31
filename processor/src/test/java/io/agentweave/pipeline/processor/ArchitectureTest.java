package io.agentweave.pipeline.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.agentweave.pipeline.processor",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule otherServices_areReachedThroughTheMeshOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.agentweave.pipeline.ingester..", "io.agentweave.pipeline.storage..");

  @ArchTest
  static final ArchRule chains_areTheSdksOwn =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.agentweave.server..",
              "io.agentweave.client..",
              "io.agentweave.authz..",
              "io.agentweave.local..",
              "io.grpc..",
              "io.netty..",
              "io.opentelemetry..",
              "io.micrometer..");
}
