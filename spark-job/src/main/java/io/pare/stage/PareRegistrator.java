package io.pare.stage;

import com.esotericsoftware.kryo.Kryo;
import io.pare.algorithm.candidate.SolvedPath;
import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Structure;
import io.pare.io.archive.ShardIndex;
import io.pare.io.block.ImageBlock;
import io.pare.stage.images.PrepareImagesStage;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.layers.RefitLayersStage;
import io.pare.stage.layers.SampleKey;
import io.pare.stage.layers.SolveLayersStage;
import io.pare.stage.matrix.BlockSerializer;
import io.pare.stage.matrix.Magnitudes;
import io.pare.stage.matrix.SampleCounts;
import io.pare.stage.network.ActivationBatch;
import io.pare.stage.network.CheckValuesStage;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.MeasureSensitivityStage;
import io.pare.stage.recovery.GradientSteps;
import io.pare.stage.spark.ListSerializer;
import io.pare.stage.spark.RecordSerializer;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Registers with Kryo what travels between driver and executors as data: the records named here
 * and, found through their components and permitted subtypes, all that they hold.
 */
public final class PareRegistrator implements KryoRegistrator {
  static final List<Class<?>> ROOTS =
      List.of(
          ImageBlock.class,
          ShardIndex.class,
          PreparedBlock.class,
          PreparedBlock.Fingerprint.class,
          PrepareImagesStage.Count.class,
          SampleKey.class,
          SampleBlock.class,
          DrawnBlock.class,
          PairedBlock.class,
          ActivationBatch.class,
          LayerProblem.class,
          SolveLayersStage.GroupStatistics.class,
          SolvedPath.class,
          RefitLayersStage.GroupTask.class,
          RefitLayersStage.GroupRefit.class,
          Structure.class,
          Component.class,
          Approximation.class,
          CheckValuesStage.BatchValues.class,
          EvaluateModelStage.BlockOutputs.class,
          EvaluateModelStage.BlockEvaluation.class,
          Evaluation.class,
          MeasureSensitivityStage.Material.class,
          SolveLayersStage.GroupFits.class,
          Magnitudes.class,
          SampleCounts.class,
          ValueHistogram.class,
          GradientSteps.Batch.class,
          GradientSteps.ChunkGradient.class,
          GradientSteps.ChunkState.class,
          GradientSteps.Turn.class,
          Adam.State.class,
          float[].class);

  @Override
  public void registerClasses(Kryo kryo) {
    for (Class<?> type : reachable()) {
      if (type.isRecord()) {
        kryo.register(type, new RecordSerializer<>(type.asSubclass(Record.class)));
        kryo.register(type.arrayType());
      } else if (type.isEnum() || type.isArray()) {
        kryo.register(type);
      }
    }
    ListSerializer lists = new ListSerializer();
    for (List<?> sample : List.of(List.of(), List.of(1), List.of(1, 2, 3))) {
      kryo.register(sample.getClass(), lists);
    }
    kryo.register(Arrays.asList(1).getClass(), lists);
    kryo.register(ArrayList.class, lists);
    kryo.register(java.util.Optional.class);
    kryo.register(scala.Tuple2.class);
    kryo.register(scala.Tuple2[].class);
    kryo.register(Object[].class);
    BlockSerializer.register(kryo);
  }

  /** Adds a component's type and, of a list or an optional, that of its elements. */
  private static void add(Type type, Deque<Class<?>> open) {
    if (type instanceof ParameterizedType generic) {
      Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> add(argument, open));
    } else if (type instanceof Class<?> plain) {
      open.add(plain);
    }
  }

  /** Every record, enumeration and array that the roots can hold, in an order of its own. */
  private static Set<Class<?>> reachable() {
    Set<Class<?>> seen = new LinkedHashSet<>();
    Deque<Class<?>> open = new ArrayDeque<>(ROOTS);
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      if (!seen.add(type)) {
        continue;
      }
      if (type.isSealed()) {
        open.addAll(Arrays.asList(type.getPermittedSubclasses()));
      }
      if (type.isRecord()) {
        Arrays.stream(type.getRecordComponents()).forEach(c -> add(c.getGenericType(), open));
      }
    }
    Set<Class<?>> ordered =
        new TreeSet<>(java.util.Comparator.comparing((Class<?> type) -> type.getName()));
    seen.stream().filter(type -> !type.isPrimitive()).forEach(ordered::add);
    return ordered;
  }
}
