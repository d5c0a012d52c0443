package io.pare.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.structure.Component;
import io.pare.stage.images.PreparedBlock;
import io.pare.testing.SparkTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;

/** Nothing travels that Kryo does not know: a cluster would find out in the middle of a job. */
class TravellingTypesIT {
  private static final List<Object> LISTS =
      List.of(List.of(), List.of(1), List.of(1, 2, 3), Arrays.asList(1), new ArrayList<>());

  private final Kryo kryo =
      new KryoSerializer(SparkTest.conf("local[1]", "travelling types")).newKryo();

  private record Inner(Duration duration) {}

  private record Outer(List<Optional<Inner>> inners, Component component) {}

  private record Task(Broadcast<List<Outer>> outers) implements Function<Integer, float[]> {
    @Override
    public float[] call(Integer number) {
      return new float[outers.value().size() + number];
    }
  }

  @Test
  void whatEveryStageSendsIsRegistered() {
    assertThat(TravellingTypes.ofAllStages())
        .contains(PreparedBlock.class, Evaluation.class, float[].class, Component.KeptInputs.class)
        .allMatch(this::isRegistered, "is registered with Kryo");
  }

  @Test
  void whatIsHiddenInBroadcastsListsAndSealedTypesIsFound() {
    assertThat(TravellingTypes.of(Task.class))
        .contains(
            Integer.class,
            float[].class,
            Outer.class,
            Inner.class,
            Duration.class,
            Component.Dense.class)
        .doesNotContain(Component.class, Broadcast.class);
    assertThat(isRegistered(Duration.class)).isFalse();
    assertThat(isRegistered(Outer.class)).isFalse();
  }

  private boolean isRegistered(Class<?> type) {
    if (type == List.class) {
      return LISTS.stream().allMatch(list -> isRegistered(list.getClass()));
    }
    if (type == Iterable.class) {
      // What a groupByKey hands on: no class of ours says so.
      return isRegistered(grouped());
    }
    return kryo.getClassResolver().getRegistration(type) != null;
  }

  private static Class<?> grouped() {
    try {
      return Class.forName("org.apache.spark.util.collection.CompactBuffer");
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
