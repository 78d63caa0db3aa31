package io.agentweave.pipeline.storage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.agentweave.pipeline.storage",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule otherServices_areReachedThroughTheMeshOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.agentweave.pipeline.ingester..", "io.agentweave.pipeline.processor..");

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

  @ArchTest
  static final ArchRule parquet_isForTwoClasses =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.Parquet(Part|Rows)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.parquet..", "blue.strategic..");
}
