package io.agentweave.pipeline.ingester;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.agentweave.pipeline.ingester",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule otherServices_areReachedThroughTheMeshOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.agentweave.pipeline.processor..", "io.agentweave.pipeline.storage..");

  @ArchTest
  static final ArchRule chains_areTheSdksOwn =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.agentweave.pipeline.database..",
              "java.sql..",
              "io.agentweave.server..",
              "io.agentweave.client..",
              "io.agentweave.authz..",
              "io.agentweave.local..",
              "io.grpc..",
              "io.netty..",
              "io.opentelemetry..",
              "io.micrometer..");
}
