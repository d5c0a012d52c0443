package io.pare.model.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Outputs that are read where they lie are those that are copied. */
class ReadInPlaceTest {
  private static final InputShape IMAGE = new InputShape(3, 12, 12, InputShape.Layout.NCHW);

  private final OnnxNetwork network =
      Networks.read(
          ModelBuilder.seeded(11)
              .input("x", -1, 3, 12, 12)
              .conv("first", "x", 8, 3, 3)
              .relu("r1", "first")
              .conv("second", "r1", 6, 8, 3)
              .relu("r2", "second")
              .output("r2", -1, 6, 8, 8));

  @Test
  void everyRunGivesTheSameAsACopy() {
    byte[] model = network.withOutputs(List.of("x", "r1", "r2")).toBytes();
    try (InferenceSession session = InferenceSession.open(model, 1)) {
      for (int images : new int[] {4, 3, 5, 1}) {
        float[] batch = batch(images);
        Map<String, TensorData> expected = session.run(batch, images, IMAGE);

        Map<String, TensorData> read =
            session.read(
                batch,
                images,
                IMAGE,
                views -> {
                  Map<String, TensorData> copies = new HashMap<>();
                  views.forEach((name, view) -> copies.put(name, view.copied()));
                  return copies;
                });

        assertThat(read.keySet()).isEqualTo(expected.keySet());
        for (String name : expected.keySet()) {
          assertThat(read.get(name).shape()).as(name).isEqualTo(expected.get(name).shape());
          assertThat(read.get(name).values()).as(name).isEqualTo(expected.get(name).values());
        }
      }
    }
  }

  private static float[] batch(int images) {
    Random random = new Random(images);
    float[] batch = new float[images * IMAGE.values()];
    for (int k = 0; k < batch.length; k++) {
      batch[k] = random.nextFloat();
    }
    return batch;
  }
}
