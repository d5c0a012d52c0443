package io.pare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The law of dependencies: which package may know which. */
@AnalyzeClasses(packages = "io.pare", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] JAVA = {"java..", "javax.."};
  private static final String[] ND4J = {"org.nd4j..", "org.bytedeco.."};
  private static final String[] ONNX = {"io.pare.model.proto..", "com.google.protobuf.."};
  private static final String[] ONNX_RUNTIME = {"ai.onnxruntime.."};

  /** The C library. */
  private static final String[] NATIVE_CALLS = {"com.sun.jna.."};

  private static final String[] HADOOP = {
    "org.apache.hadoop..", "org.apache.parquet..", "org.apache.commons.compress.."
  };
  private static final String[] EDIT_DISTANCE = {"org.apache.commons.text.similarity.."};
  private static final String[] IMAGES = {"com.twelvemonkeys.."};
  private static final String[] SPARK = {"org.apache.spark..", "scala..", "com.esotericsoftware.."};
  private static final String[] HADOOP_CONFIGURATION = {"org.apache.hadoop.conf.."};
  private static final int MOST_FILES_OF_A_PACKAGE = 21;

  /** MLlib, the matrices that it adds up in, and the choice of its BLAS. */
  private static final String[] MLLIB = {
    "org.apache.spark.mllib..", "breeze..", "dev.ludovic.netlib.."
  };

  private static final String[] METRICS = {"com.codahale.metrics.."};
  private static final String[] LOG = {"org.slf4j.."};
  private static final String[] JSON = {"com.fasterxml.jackson.."};

  @ArchTest static final ArchRule theRootDependsOnNothing = only("io.pare", JAVA, pare(""));

  @ArchTest
  static final ArchRule theProcessKnowsTheLibraryOfCAlone =
      only("io.pare.process", JAVA, NATIVE_CALLS, pare(".process"));

  @ArchTest
  static final ArchRule matricesKnowNd4jAlone =
      only("io.pare.algorithm.dense", JAVA, ND4J, pare(".process", ".algorithm.dense"));

  @ArchTest
  static final ArchRule activationsKnowJavaAlone =
      only("io.pare.algorithm.activation", JAVA, algorithm("activation"));

  @ArchTest
  static final ArchRule structuresKnowMatrices =
      only("io.pare.algorithm.structure", JAVA, algorithm("dense", "structure"));

  @ArchTest
  static final ArchRule statisticsKnowStructures =
      only(
          "io.pare.algorithm.statistics",
          JAVA,
          algorithm("dense", "structure", "activation", "statistics"));

  @ArchTest
  static final ArchRule fitsKnowStatistics =
      only(
          "io.pare.algorithm.fit",
          JAVA,
          algorithm("dense", "structure", "activation", "statistics", "fit"));

  @ArchTest
  static final ArchRule fitsBySpaceKnowFits =
      only(
          "io.pare.algorithm.wide",
          JAVA,
          algorithm("dense", "structure", "activation", "statistics", "fit", "wide"));

  @ArchTest
  static final ArchRule theAdmmKnowsStatistics =
      only("io.pare.algorithm.admm", JAVA, algorithm("dense", "structure", "statistics", "admm"));

  @ArchTest
  static final ArchRule learningKnowsArraysAlone =
      only("io.pare.algorithm.learning", JAVA, algorithm("learning"));

  @ArchTest
  static final ArchRule candidatesKnowTheWholeAlgorithm =
      only("io.pare.algorithm.candidate", JAVA, pare(".algorithm.."));

  @ArchTest
  static final ArchRule aPlanIsArithmeticOnTheNetwork =
      only("io.pare.plan..", JAVA, pare("", ".algorithm..", ".model", ".model.rewrite", ".plan"));

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
          LOG,
          pare(
              "",
              ".process",
              ".algorithm..",
              ".model",
              ".model.rewrite..",
              ".model.quantization",
              ".model.inference.."));

  @ArchTest
  static final ArchRule gradientsKnowTheNetworkAndHowToRunIt =
      only(
          "io.pare.model.gradient..",
          JAVA,
          ONNX,
          pare("", ".model", ".model.inference..", ".model.output", ".model.gradient.."));

  @ArchTest
  static final ArchRule outputsKnowTheNetworkAndItsTensors =
      only(
          "io.pare.model.output",
          JAVA,
          ONNX,
          pare("", ".algorithm.statistics", ".model", ".model.inference", ".model.output"));

  @ArchTest
  static final ArchRule ioKnowsHadoopAndTheRoot =
      only("io.pare.io..", JAVA, HADOOP, EDIT_DISTANCE, IMAGES, JSON, LOG, pare("", ".io.."));

  @ArchTest
  static final ArchRule reportKnowsTheAlgorithmAndTheRoot =
      only("io.pare.report..", JAVA, JSON, pare("", ".algorithm..", ".report.."));

  @ArchTest
  static final ArchRule thePlumbingKnowsNoStep =
      only(
          "io.pare.stage.spark",
          JAVA,
          SPARK,
          LOG,
          pare("", ".algorithm.dense", ".io.checkpoint", ".stage.spark"));

  @ArchTest
  static final ArchRule imagesOnExecutorsKnowNoLayer =
      only(
          "io.pare.stage.images",
          JAVA,
          SPARK,
          LOG,
          HADOOP_CONFIGURATION,
          pare("", ".io..", ".stage.spark", ".stage.images"));

  @ArchTest
  static final ArchRule networksOnExecutorsKnowImages =
      only(
          "io.pare.stage.network",
          JAVA,
          SPARK,
          LOG,
          pare(
              "",
              ".algorithm..",
              ".model..",
              ".io..",
              ".stage.spark",
              ".stage.images",
              ".stage.network"));

  @ArchTest
  static final ArchRule stageKnowsSparkAndWhatItDistributes =
      only(
          "io.pare.stage..",
          JAVA,
          SPARK,
          MLLIB,
          METRICS,
          LOG,
          HADOOP_CONFIGURATION,
          pare("", ".algorithm..", ".model..", ".io..", ".stage.."));

  @ArchTest
  static final ArchRule optionsKnowNoJob =
      noClasses()
          .that()
          .resideInAPackage("io.pare.config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.pare.run..", "io.pare.report..", "org.apache.spark..");

  @ArchTest
  static final ArchRule sparkIsKnownToStagesAndJobsAlone =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.pare.stage..", "io.pare.run..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SPARK);

  @ArchTest
  static final ArchRule mllibIsKnownToOnePackageAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pare.stage.matrix..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MLLIB);

  @ArchTest
  static final ArchRule kryoIsKnownToStagesAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pare.stage..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.esotericsoftware..");

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.pare.(**)").should().beFreeOfCycles();

  @ArchTest
  static void noPackageIsALadder(JavaClasses classes) {
    Map<String, Set<String>> files = new TreeMap<>();
    for (JavaClass type : classes) {
      String file = type.getSource().flatMap(Source::getFileName).orElse(type.getSimpleName());
      files.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>()).add(file);
    }
    files.forEach(
        (name, its) -> assertThat(its).as(name).hasSizeLessThanOrEqualTo(MOST_FILES_OF_A_PACKAGE));
  }

  @ArchTest
  static final ArchRule nothingDependsOnTheEntry =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pare.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.pare.cli..");

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
          .resideOutsideOfPackages("io.pare.model..", "io.pare.algorithm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "org.nd4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule onlyModelKnowsHowAnOnnxFileIsEncoded =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pare.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ONNX);

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

  private static String[] algorithm(String... names) {
    return Arrays.stream(names).map(name -> "io.pare.algorithm." + name).toArray(String[]::new);
  }
}
