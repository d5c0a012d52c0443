package io.pare.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class InferenceSessionsTest {
  private static final InputShape IMAGE = new InputShape(3, 8, 8, InputShape.Layout.NCHW);

  private static byte[] model(long seed, long batch) {
    return ModelBuilder.seeded(seed)
        .input("x", batch, 3, 8, 8)
        .conv("y", "x", 4, 3, 3)
        .output("y", batch, 4, 6, 6)
        .bytes();
  }

  private static float[] images(int count) {
    float[] batch = new float[count * IMAGE.values()];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = (i * 31 % 97) / 97f;
    }
    return batch;
  }

  private static float[] run(InferenceSession session, int count) {
    return session.run(images(count), count, IMAGE).get("y").values();
  }

  @Test
  void namesBeyondSixteenBitsAreThoseOfTheNetwork() {
    float[] expected;
    try (InferenceSession plain = InferenceSession.open(model(1, -1), 1)) {
      expected = run(plain, 2);
    }
    byte[] model =
        ModelBuilder.seeded(1)
            .input("\ud83d\ude00 x", -1, 3, 8, 8)
            .conv("\ud83d\ude01", "\ud83d\ude00 x", 4, 3, 3)
            .output("\ud83d\ude01", -1, 4, 6, 6)
            .bytes();
    try (InferenceSession session = InferenceSession.open(model, 1)) {
      session.requireFloats(List.of("\ud83d\ude01"));
      assertThat(session.run(images(2), 2, IMAGE)).containsOnlyKeys("\ud83d\ude01");
      assertThat(session.run(images(2), 2, IMAGE).get("\ud83d\ude01").values()).isEqualTo(expected);
      for (int time = 0; time < 2; time++) { // the second writes into buffers of the caller's
        float[] read = session.read(images(2), 2, IMAGE, views -> array(views.get("\ud83d\ude01")));
        assertThat(read).isEqualTo(expected);
      }
    }
  }

  private static float[] array(TensorView view) {
    float[] values = new float[view.values().remaining()];
    view.values().duplicate().get(values);
    return values;
  }

  @Test
  void tasksShareTheSessionOfAModel() {
    byte[] model = model(1, -1);
    try (InferenceSessions.Lease one = lease(model, 1);
        InferenceSessions.Lease two = lease(model.clone(), 1);
        InferenceSessions.Lease other = lease(model, 2)) {
      assertThat(two.session()).isSameAs(one.session());
      assertThat(other.session()).isNotSameAs(one.session());
    }
  }

  @Test
  void aSessionInUseIsNeverClosedAndTheCacheIsBounded() {
    try (InferenceSessions.Lease used = lease(model(100, -1), 1)) {
      float[] before = run(used.session(), 2);
      for (int seed = 101; seed < 112; seed++) {
        lease(model(seed, -1), 1).close();
      }
      assertThat(InferenceSessions.open()).isLessThanOrEqualTo(4);
      assertThat(run(used.session(), 2)).isEqualTo(before);
    }
  }

  @Test
  void aClosedLeaseGivesNoSession() {
    InferenceSessions.Lease lease = lease(model(1, -1), 1);
    lease.close();
    lease.close();
    assertThatThrownBy(lease::session)
        .hasMessage("the lease of an inference session has been closed");
  }

  @Test
  void aModelThatCannotBeLoadedIsNotRemembered() {
    int before = InferenceSessions.open();
    assertThatThrownBy(() -> lease(new byte[] {1, 2}, 1))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("ONNX Runtime cannot run the network: ");
    assertThat(InferenceSessions.open()).isLessThanOrEqualTo(before);
  }

  @Test
  void concurrentTasksGetWhatOneTaskGets() throws InterruptedException, ExecutionException {
    byte[] model = model(2, -1);
    float[] expected;
    try (InferenceSession session = InferenceSession.open(model, 1)) {
      expected = run(session, 3);
    }
    ExecutorService tasks = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        results.add(
            tasks.submit(
                () -> {
                  try (InferenceSessions.Lease lease = lease(model, 1)) {
                    return run(lease.session(), 3);
                  }
                }));
      }
      for (Future<float[]> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      tasks.shutdownNow();
    }
  }

  @Test
  void aNetworkWithAFixedBatchRunsAnyNumberOfImages() {
    try (InferenceSession free = InferenceSession.open(model(3, -1), 1);
        InferenceSession fixed = InferenceSession.open(model(3, 2), 1)) {
      assertThat(run(fixed, 5)).isEqualTo(run(free, 5));
      assertThat(fixed.run(images(5), 5, IMAGE).get("y").shape()).containsExactly(5, 4, 6, 6);
    }
  }

  @Test
  void aNetworkOfHalvesTakesAndGivesFloats() {
    Onnx.TensorProto.DataType half = Onnx.TensorProto.DataType.FLOAT16;
    Onnx.ModelProto model =
        ModelBuilder.seeded(1)
            .input("x", -1, 3, 8, 8)
            .relu("y", "x")
            .output("y", -1, 3, 8, 8)
            .build();
    Onnx.ModelProto.Builder halves = model.toBuilder();
    halves
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(half.getNumber());
    halves
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(half.getNumber());
    float[] batch = new float[IMAGE.values()];
    batch[0] = 0.5f;
    batch[1] = -3;
    batch[2] = 1000.5f;
    try (InferenceSession session = InferenceSession.open(halves.build().toByteArray(), 1)) {
      Map<String, TensorData> outputs = session.run(batch, 1, IMAGE);
      assertThat(outputs.get("y").values()).startsWith(0.5f, 0, 1000.5f);
    }
  }

  @Test
  void anImageOfAnotherSizeIsRefusedInOneLine() {
    try (InferenceSession session = InferenceSession.open(model(1, -1), 1)) {
      InputShape other = new InputShape(3, 9, 9, InputShape.Layout.NCHW);
      assertThatThrownBy(() -> session.run(new float[243], 1, other))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("ONNX Runtime cannot run the network: ")
          .hasMessageNotContaining("\n");
    }
  }

  private static InferenceSessions.Lease lease(byte[] model, int threads) {
    return InferenceSessions.lease(InferenceSessions.sha256(model), () -> model, threads);
  }
}
