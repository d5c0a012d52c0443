package io.pare.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.admm.Variant;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.GroupCandidate;
import io.pare.algorithm.candidate.SolvedPath;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.quantization.ValueRange;
import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.OutputEvaluation;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import io.pare.io.archive.ShardIndex;
import io.pare.io.block.ArchiveBlock;
import io.pare.io.block.FolderBlock;
import io.pare.io.block.ParquetBlock;
import io.pare.model.Layer;
import io.pare.model.inference.TensorData;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.BadImage;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.layers.RefitLayersStage;
import io.pare.stage.layers.SampleKey;
import io.pare.stage.layers.SampledNetwork;
import io.pare.stage.layers.SolveLayersStage;
import io.pare.stage.matrix.Magnitudes;
import io.pare.stage.matrix.SampleCounts;
import io.pare.stage.network.ActivationBatch;
import io.pare.stage.network.CheckValuesStage;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.MeasureSensitivityStage;
import io.pare.stage.recovery.GradientSteps;
import io.pare.testing.SparkTest;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What travels arrives as it was, by Spark's own serializers. */
class PareRegistratorIT {
  private static final LayerShape SHAPE = new LayerShape(3, 2, 3, 1);

  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  /** At least one of every type that is registered by name, and of every kind of it. */
  static Stream<Object> examples() {
    GradientSteps.Batch learnedFrom = new GradientSteps.Batch(new int[] {3, 1}, 0.5f, 7);
    Adam.State learned = Adam.State.of(new float[] {1, 2, 3});
    Matrix square = matrix(2, 2);
    Component channel = Component.Factors.of(Form.CHANNEL, matrix(2, 6), matrix(3, 2));
    List<Component> components =
        List.of(
            new Component.Dense(matrix(3, 6)),
            channel,
            Component.Factors.of(Form.SPATIAL, matrix(2, 6), matrix(3, 2)),
            Component.Factors.of(Form.TUCKER, square, matrix(2, 6), matrix(3, 2)),
            Component.Factors.of(Form.CHAIN, matrix(2, 6), square, matrix(3, 2)),
            new Component.KeptInputs(new int[] {1}, matrix(3, 3)),
            new Component.KeptFilters(new int[] {0, 2}, matrix(2, 6)));
    Structure.Sum sum =
        new Structure.Sum(
            new LowRank(Form.SPATIAL, 2), new Support(Support.Kind.INPUTS, new int[] {1}));
    Trace trace =
        new Trace(
            List.of(new Trace.Iteration(1, 0.5, 0.25, 2, 3, 4, Variant.GAUSS_SEIDEL)),
            Trace.StopReason.CONVERGED);
    LayerProblem problem =
        new LayerProblem(
            "layer",
            SHAPE,
            matrix(3, 6).floats(),
            new double[] {1, -2, 3},
            Clamp.RELU,
            0.001,
            FitSpace.SAMPLES);
    Moments moments = new Moments(9, new double[] {1, 2}, new double[] {3}, square, matrix(1, 2));
    Approximation approximation = new Approximation(components, new double[] {0.5, 0, -1});
    LayerGroup group = new LayerGroup(1, 3);
    Layer layer = new SampledNetwork().groups.layers().get(0);
    PreparedBlock prepared = new SampledNetwork().blocks().get(1);
    List<BadImage> bad = List.of(new BadImage(3, "a/b.png", "truncated"));
    return Stream.concat(
        components.stream(),
        Stream.of(
            new FolderBlock(
                1, 5, "file:/images", new String[] {"a", "b"}, new long[] {7, 8}, new int[] {0, 1}),
            new ArchiveBlock(
                0,
                0,
                "file:/a.tar",
                new String[] {"a"},
                new long[] {512},
                new long[] {9},
                new int[] {-1}),
            new ShardIndex(
                "file:/b.tar",
                new String[] {"a"},
                new long[] {512},
                new long[] {9},
                new int[] {3},
                List.of("b.cls"),
                List.of("c.jpg")),
            new ParquetBlock(2, 100, 50, "hdfs://host/a.parquet", 1, 50),
            prepared,
            new PreparedBlock(4, List.of(), bad),
            new PreparedBlock.Fingerprint(4, "0a"),
            new PrepareImagesStage.Count(4, 12, bad),
            new SampleKey(1, 2, 3),
            new SampleBlock(samples(4, 6), samples(0, 6)),
            new PairedBlock(
                new SampleBlock(samples(4, 3), samples(2, 3)),
                new SampleBlock(samples(4, 6), samples(2, 6)),
                Optional.of(new SampleBlock(samples(4, 3), samples(2, 3)))),
            new DrawnBlock(
                new SampleBlock(samples(4, 6), samples(0, 6)),
                Optional.of(new SampleBlock(samples(4, 3), samples(0, 3)))),
            new ActivationBatch(
                1,
                2,
                new long[] {3, 4},
                List.of(new TensorData(new long[] {2, 1}, new float[] {1, 2}))),
            problem,
            new SolveLayersStage.GroupStatistics(new LayerGroup(2, 0), moments),
            new SolveLayersStage.GroupStatistics(
                new LayerGroup(2, 1),
                new SampleProducts(2, square, matrix(3, 2), matrix(3, 3), matrix(3, 1))),
            new ValueHistogram(new ValueRange(-1, 2), new long[] {3, 4}, new long[] {5}),
            new Magnitudes(3, new float[] {1, 2}),
            new SampleCounts(new int[] {1, 2}, new int[] {0, 1}),
            new SolvedPath(
                List.of(
                    new GroupCandidate(
                        group, Family.LOW_RANK_SPATIAL, 7, sum, 0.25, Optional.empty()),
                    new GroupCandidate(
                        group, Family.ADMM_KEPT_FILTERS, 7, sum, 0.25, Optional.of(trace))),
                List.of(new SolvedPath.Fit(group, sum, approximation))),
            new RefitLayersStage.GroupTask(new LayerGroup(1, 0), sum, Fitting.LINEAR),
            new RefitLayersStage.GroupRefit(
                new LayerGroup(0, 1), new LayerFits.Refit(approximation, 0.125, true)),
            sum,
            new Structure.Sum(new LowRank(Form.CHANNEL, 1), Support.NONE),
            new Structure.Sum(
                new LowRank(Form.TUCKER, 1, 2), new Support(Support.Kind.FILTERS, new int[] {0})),
            new Structure.Sum(new LowRank(Form.CHAIN, 2, 1), Support.NONE),
            Structure.of(Support.allFilters(SHAPE)),
            Structure.keep(),
            approximation,
            new CheckValuesStage.BatchValues(
                List.of(new CheckValuesStage.TensorValues(List.of(4L, 7L), 1.5f))),
            new EvaluateModelStage.BlockOutputs(2, List.of(new float[] {1, 0}, new float[] {2, 3})),
            new EvaluateModelStage.BlockEvaluation(3, List.of(Evaluation.NOTHING, evaluation())),
            evaluation(),
            new MeasureSensitivityStage.Material(
                prepared.images(),
                List.of(
                    new Replacement(
                        layer,
                        List.of(
                            new Approximation(components, new double[layer.shape().outputs()]))))),
            new SolveLayersStage.GroupFits(new LayerGroup(2, 0), List.of(approximation)),
            learnedFrom,
            new GradientSteps.Turn(learnedFrom, 1e-3),
            new GradientSteps.ChunkGradient(2, 0.5, new float[] {1, 2, 3}),
            new GradientSteps.ChunkState(2, 0.5, learned, ""),
            learned,
            new float[] {1, -0.5f}));
  }

  @Test
  void everyRegisteredTypeAndEveryPermittedKindOfItHasAnExample() {
    List<Class<?>> kinds = new ArrayList<>();
    for (Class<?> root : PareRegistrator.ROOTS) {
      if (root.isSealed()) {
        kinds.addAll(Arrays.asList(root.getPermittedSubclasses()));
      } else {
        kinds.add(root);
      }
    }

    assertThat(examples().map(Object::getClass).distinct().toList()).hasSameElementsAs(kinds);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void whatTravelsIsTheSameAfterKryo(Object value) {
    assertSameAfter(value, new KryoSerializer(SPARK.context().getConf()));
  }

  @ParameterizedTest
  @MethodSource("serializable")
  void whatTasksHoldIsTheSameAfterJava(Object value) {
    assertSameAfter(value, new JavaSerializer(SPARK.context().getConf()));
  }

  /** What tasks hold in their fields or are given as the parts of an RDD. */
  static Stream<Object> serializable() {
    SampledNetwork sampled = new SampledNetwork();
    return Stream.concat(
        examples().filter(Serializable.class::isInstance),
        Stream.of(
            sampled.settings,
            sampled.settings.execution(),
            sampled.preprocessing,
            sampled.sampling(),
            new PrepareImagesStage.Selection(10, 3),
            new PrepareImagesStage.Settings(sampled.preprocessing, 1000, 0.1, 0)));
  }

  @Test
  void aListOfRecordsAndABlockInATupleArriveThroughAShuffle() {
    List<PreparedBlock> blocks = new SampledNetwork().blocks();

    List<PreparedBlock> arrived =
        SPARK
            .context()
            .parallelize(blocks, 2)
            .keyBy(PreparedBlock::index)
            .sortByKey(true, 3)
            .values()
            .collect();

    assertThat(arrived).usingRecursiveComparison().isEqualTo(blocks);
  }

  @Test
  void aClassThatIsNotRegisteredFailsInsteadOfTravellingByName() {
    assertThatThrownBy(
            () ->
                SPARK
                    .context()
                    .parallelize(List.of(1, 2), 2)
                    .map(number -> Duration.ofDays(number))
                    .collect())
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("Class is not registered: java.time.Duration");
  }

  @Test
  void primitivesAndTheirArraysTravel() {
    List<double[]> rows =
        SPARK
            .context()
            .parallelize(List.of(1, 2), 2)
            .map(number -> new double[] {number, number / 2.0})
            .collect();

    assertThat(rows).containsExactly(new double[] {1, 0.5}, new double[] {2, 1});
  }

  private static void assertSameAfter(Object value, Serializer serializer) {
    SerializerInstance stream = serializer.newInstance();
    Object arrived =
        stream.deserialize(
            stream.serialize(value, scala.reflect.ClassTag$.MODULE$.apply(Object.class)),
            scala.reflect.ClassTag$.MODULE$.apply(Object.class));

    assertThat(arrived).isNotSameAs(value).hasSameClassAs(value);
    assertThat(arrived).usingRecursiveComparison().isEqualTo(value);
  }

  private static Matrix matrix(int rows, int columns) {
    Random random = new Random(31L * rows + columns);
    return new Matrix(rows, columns, random.doubles((long) rows * columns).toArray());
  }

  private static Samples samples(int rows, int columns) {
    float[] values = new float[rows * columns];
    Random random = new Random(rows);
    for (int k = 0; k < values.length; k++) {
      values[k] = random.nextFloat();
    }
    return new Samples(rows, columns, values);
  }

  private static Evaluation evaluation() {
    return new Evaluation(
        9, 8, 7, 8, 1.5, 2, 1, List.of(new OutputEvaluation("scores", 9, 6, 0.25, 0, 0)));
  }
}
