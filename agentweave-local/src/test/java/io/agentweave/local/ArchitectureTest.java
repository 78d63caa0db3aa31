package io.agentweave.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package of this module may use which, and which one owns which vendor. */
final class ArchitectureTest {
  private static final String ROOT = "io.agentweave.local";

  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT)
          .that(resideInAnyPackage(ROOT, ROOT + ".."));

  /** Each package, and those of this module that it may use besides itself. */
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          ROOT + ".process",
          List.of(),
          ROOT + ".authority",
          List.of(ROOT + ".process"),
          ROOT + ".postgres",
          List.of(ROOT + ".process"),
          ROOT + ".trace",
          List.of(),
          ROOT + ".testkit",
          List.of(ROOT + ".process", ROOT + ".authority"),
          ROOT,
          List.of(ROOT + ".process", ROOT + ".authority", ROOT + ".postgres", ROOT + ".trace"));

  /** The vendors' packages, and ours that may import them. */
  private static final Map<List<String>, List<String>> OWNERS = new LinkedHashMap<>();

  static {
    OWNERS.put(List.of("org.bouncycastle..", "io.spiffe..", "io.netty.."), List.of("authority"));
    OWNERS.put(List.of("io.grpc.."), List.of("authority", "trace"));
    OWNERS.put(List.of("io.opentelemetry.."), List.of("trace"));
    OWNERS.put(List.of("org.apache.commons..", "org.tukaani.."), List.of("postgres"));
    OWNERS.put(List.of("org.junit.."), List.of("testkit"));
  }

  @Test
  void eachPackage_usesOnlyWhatItsRowAllows() {
    assertThat(MODULE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    MAY_USE.forEach(
        (user, used) -> {
          List<String> allowed = new ArrayList<>(used);
          allowed.add(user);
          noClasses()
              .that()
              .resideInAPackage(user)
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(ROOT, ROOT + "..")
                      .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
              .because("a part of the mesh knows only the parts below it")
              .check(MODULE);
        });
  }

  @Test
  void eachVendor_hasOneOwner() {
    OWNERS.forEach(
        (vendors, owners) ->
            classes()
                .that()
                .resideOutsideOfPackages(
                    owners.stream().map(owner -> ROOT + "." + owner).toArray(String[]::new))
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage(vendors.toArray(String[]::new))))
                .check(MODULE));
  }
}
