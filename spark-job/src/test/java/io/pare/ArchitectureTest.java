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
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Stream;

/** The law of dependencies: which package may know which, and what runs where. */
@AnalyzeClasses(packages = "io.pare", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] JAVA = {"java..", "javax.."};
  private static final String[] ND4J = {"org.nd4j..", "org.bytedeco.."};
  private static final String[] ONNX = {"onnx..", "org.nd4j.shade.protobuf.."};
  private static final String[] ONNX_RUNTIME = {"ai.onnxruntime.."};

  /** The C library, for settings that ONNX Runtime reads from the environment of the process. */
  private static final String[] NATIVE_CALLS = {"com.sun.jna.."};

  private static final String[] HADOOP = {
    "org.apache.hadoop..", "org.apache.parquet..", "org.apache.commons.compress.."
  };
  private static final String[] EDIT_DISTANCE = {"org.apache.commons.text.similarity.."};
  private static final String[] IMAGES = {"com.twelvemonkeys.."};
  private static final String[] SPARK = {"org.apache.spark..", "scala..", "com.esotericsoftware.."};
  private static final String[] METRICS = {"com.codahale.metrics.."};
  private static final String[] LOG = {"org.slf4j.."};
  private static final String[] JSON = {"com.fasterxml.jackson.."};

  @ArchTest static final ArchRule theRootDependsOnNothing = only("io.pare", JAVA, pare(""));

  @ArchTest
  static final ArchRule algorithmKnowsJavaAndNd4jOnly =
      only("io.pare.algorithm..", JAVA, ND4J, pare(".algorithm.."));

  @ArchTest
  static final ArchRule theNetworkKnowsOnnxAndTheAlgorithm =
      only("io.pare.model", JAVA, ONNX, pare("", ".algorithm..", ".model"));

  @ArchTest
  static final ArchRule readingKnowsTheNetwork =
      only("io.pare.model.read..", JAVA, ONNX, pare("", ".model", ".model.read.."));

  @ArchTest
  static final ArchRule rewritingKnowsTheNetworkAndTheAlgorithm =
      only(
          "io.pare.model.rewrite..",
          JAVA,
          ONNX,
          pare("", ".algorithm..", ".model", ".model.rewrite.."));

  @ArchTest
  static final ArchRule inferenceAloneKnowsOnnxRuntime =
      only(
          "io.pare.model.inference..",
          JAVA,
          ONNX,
          ONNX_RUNTIME,
          NATIVE_CALLS,
          LOG,
          pare("", ".algorithm..", ".model", ".model.rewrite..", ".model.inference.."));

  @ArchTest
  static final ArchRule gradientsKnowTheNetworkAndHowToRunIt =
      only(
          "io.pare.model.gradient..",
          JAVA,
          ONNX,
          pare("", ".model", ".model.inference..", ".model.gradient.."));

  @ArchTest
  static final ArchRule nativeCallsAreForTheEnvironmentOfNativeLibraries =
      noClasses()
          .that()
          .haveNameNotMatching("io\\.pare\\.model\\.inference\\.NativeEnvironment.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(NATIVE_CALLS)
          .because("what native libraries need of the process is found in one place");

  @ArchTest
  static final ArchRule ioKnowsHadoopAndTheRoot =
      only("io.pare.io..", JAVA, HADOOP, EDIT_DISTANCE, IMAGES, JSON, LOG, pare("", ".io.."));

  @ArchTest
  static final ArchRule reportKnowsTheAlgorithmAndTheRoot =
      only("io.pare.report..", JAVA, JSON, pare("", ".algorithm..", ".report.."));

  @ArchTest
  static final ArchRule stageKnowsSparkAndWhatItDistributes =
      only(
          "io.pare.stage..",
          JAVA,
          SPARK,
          METRICS,
          LOG,
          new String[] {"org.apache.hadoop.conf.."},
          pare("", ".algorithm..", ".model..", ".io..", ".stage.."));

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.pare.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothingDependsOnTheEntry =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pare.job..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.pare.job..");

  @ArchTest
  static final ArchRule onlyIoCallsAFileSystem =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pare.io..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.hadoop.fs..", "org.apache.hadoop.hdfs..");

  @ArchTest
  static final ArchRule onlyModelRunsNetworksAndOnlyAlgorithmMultipliesMatrices =
      noClasses()
          .that()
          .resideInAnyPackage("io.pare.stage..", "io.pare.report..", "io.pare.job..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("onnx..", "ai.onnxruntime..", "org.nd4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule onlyProcessExitEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.pare.job.ProcessExit")
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

  private static ArchRule only(String packageName, String[]... allowed) {
    String[] packages = Arrays.stream(allowed).flatMap(Stream::of).toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(packageName)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true);
  }

  private static String[] pare(String... suffixes) {
    return Arrays.stream(suffixes).map(suffix -> "io.pare" + suffix).toArray(String[]::new);
  }

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
