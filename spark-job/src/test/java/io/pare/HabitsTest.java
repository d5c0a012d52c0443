package io.pare;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PRIVATE;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveModifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.pare.algorithm.dense.DenseAlgebra;
import java.io.Serializable;
import java.util.stream.Stream;

/** What runs where, and what no class may do. */
@AnalyzeClasses(packages = "io.pare", importOptions = ImportOption.DoNotIncludeTests.class)
class HabitsTest {
  /** The C library. */
  private static final String[] NATIVE_CALLS = {"com.sun.jna.."};

  @ArchTest
  static final ArchRule nativeCallsAreForTheEnvironmentOfNativeLibraries =
      noClasses()
          .that()
          .haveNameNotMatching("io\\.pare\\.process\\.NativeEnvironment.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(NATIVE_CALLS)
          .because("what native libraries need of the process is found in one place");

  @ArchTest
  static final ArchRule tasksUseTheThreadsThatTheirRunnerSets =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.pare.stage.spark.TaskRunner")
          .and()
          .doNotHaveFullyQualifiedName("io.pare.run.pipeline.SampledLayers")
          .should()
          .callMethod(DenseAlgebra.class, "useThreads", int.class)
          .because("another number of threads may sum in another order");

  @ArchTest
  static final ArchRule onlyProcessExitEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.pare.cli.ProcessExit")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);

  @ArchTest
  static final ArchRule nothingIsReadByJavasOwnSerialization =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("com.esotericsoftware.kryo.serializers.JavaSerializer")
          .because("a file that is read so decides which code runs");

  @ArchTest
  static final ArchRule theAlgorithmHasNoClockNoFileAndNoLog =
      noClasses()
          .that()
          .resideInAPackage("io.pare.algorithm..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.io", "java.nio.file..", "java.time..", "java.util.logging..")
                  .and(not(equivalentTo(Serializable.class))))
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .because("the same samples must give the same result")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule everyRandomDrawHasASeed =
      noClasses()
          .should()
          .callConstructor(java.util.Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(java.util.SplittableRandom.class)
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.security.SecureRandom");

  @ArchTest
  static final ArchRule aStageStaysOnTheDriver =
      classes()
          .that()
          .resideInAPackage("io.pare.stage..")
          .and()
          .haveSimpleNameEndingWith("Stage")
          .should()
          .notBeAssignableTo(Serializable.class)
          .because("a lambda that captures it must fail at once, not send it to every task")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule whatRunsOnExecutorsIsPrivateStaticFinal =
      classes()
          .that()
          .resideInAPackage("io.pare.stage..")
          .and(implementAFunctionOfSpark())
          .should(haveModifier(PRIVATE))
          .andShould(haveModifier(STATIC))
          .andShould(haveModifier(FINAL))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule whatTravelsHasOnlyFinalFields =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("io.pare.stage..")
          .and()
          .areDeclaredInClassesThat()
          .areAssignableTo(Serializable.class)
          .should()
          .beFinal()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noCollectionPointsForWhatFitsNowhere =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper");

  @ArchTest
  static final ArchRule noGetPrefix =
      methods()
          .that()
          .doNotHaveModifier(SYNTHETIC)
          .and()
          .areDeclaredInClassesThat(extendNothingOfAnotherProject())
          .should()
          .haveNameNotMatching("get[A-Z].*");

  private static DescribedPredicate<JavaClass> extendNothingOfAnotherProject() {
    return DescribedPredicate.describe(
        "extend nothing of another project",
        type ->
            Stream.concat(
                    type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                .map(JavaClass::getPackageName)
                .allMatch(name -> name.startsWith("java.") || name.startsWith("io.pare")));
  }

  private static DescribedPredicate<JavaClass> implementAFunctionOfSpark() {
    return DescribedPredicate.describe(
        "implement a function of Spark",
        type ->
            type.getAllRawInterfaces().stream()
                .anyMatch(
                    face -> face.getPackageName().equals("org.apache.spark.api.java.function")));
  }
}
