package io.pare.model.inference;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import java.util.List;

/** Compares the time of whole networks in ONNX Runtime on the CPU. Stateless. */
public final class NetworkTimer {
  private NetworkTimer() {}

  /**
   * Runs two networks in turns on a batch of zeros.
   *
   * @param batch images in the batch; a network that fixes its batch size is run with its own
   * @param threads threads inside an operator
   * @throws IllegalArgumentException if one fixes another batch size than the other is run with
   * @throws InputException if ONNX Runtime cannot run one of them, with its reason
   */
  public static Latency compare(
      OnnxNetwork before, OnnxNetwork after, InputShape shape, int batch, int threads) {
    return compare(
        before, after, shape.batch(images(before, after, batch)), threads, Repeats.USUAL);
  }

  static Latency compare(
      OnnxNetwork before, OnnxNetwork after, long[] dims, int threads, Repeats repeats) {
    byte[] first = before.toBytes();
    byte[] second = after.toBytes();
    double[] medians =
        TimedSession.measure(
            List.of(
                () -> TimedSession.open(first, dims, threads),
                () -> TimedSession.open(second, dims, threads)),
            repeats);
    return new Latency(medians[0], medians[1]);
  }

  private static int images(OnnxNetwork before, OnnxNetwork after, int batch) {
    int first = before.fixedBatch().orElse(after.fixedBatch().orElse(batch));
    int second = after.fixedBatch().orElse(first);
    if (first != second) {
      throw new IllegalArgumentException(
          "batches of %d and %d images cannot be compared".formatted(first, second));
    }
    return first;
  }
}
