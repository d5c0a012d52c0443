package io.pare.model.inference.trial;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a network for the first time, on zeros and on noise, and measures the shapes of what its
 * layers read and write: that works with every operator that ONNX Runtime has, however the shapes
 * come about. It happens in a process of its own, so that a crash or a run without end is an error
 * of this network and of nothing else. Thread-safe.
 */
public final class Trial {
  /** Bytes of one batch of floats, as large as an array of Java's for them may be. */
  private static final long LARGEST_BATCH = 1L << 30;

  private Trial() {}

  /**
   * Runs a network, both as it was read and as it was prepared.
   *
   * @param name how to call it in errors
   * @param original as it was read, with the same input and outputs
   * @param limit on the wall clock, for the network to be loaded and run
   * @throws InputException if a window leaves no row, if a batch is too large, if no output holds
   *     floats, or if ONNX Runtime refuses the network, crashes or does not end in time
   */
  public static NetworkShapes shapes(
      String name, OnnxNetwork original, OnnxNetwork network, InputShape image, Duration limit) {
    int images = network.fixedBatch().orElse(1);
    requireRoom(name, image, images);
    new WindowSizes(name, network, image).check();
    Set<String> tensors = NetworkShapes.tensors(network);
    List<String> outputs = floats(network);
    if (original != network) {
      TrialProcess.run(name, new TrialRequest(original.toBytes(), image, images, outputs), limit);
    }
    Set<String> all = new LinkedHashSet<>(tensors);
    all.addAll(outputs);
    if (all.isEmpty()) {
      return NetworkShapes.unknown();
    }
    TrialRequest request =
        new TrialRequest(network.withOutputs(all).toBytes(), image, images, outputs);
    TrialAnswer answer = TrialProcess.run(name, request, limit);
    Map<String, long[]> shapes = new LinkedHashMap<>(answer.shapes());
    shapes.keySet().retainAll(tensors);
    shapes.put(network.inputName(), image.batch(images));
    NetworkShapes measured = NetworkShapes.of(shapes, images);
    return network.fixedBatch().isPresent() ? measured : measured.withDoubled(answer.doubled());
  }

  /** The outputs that must hold floats: those that say so, or where none does the first of all. */
  private static List<String> floats(OnnxNetwork network) {
    List<String> declared = network.floatOutputs();
    return (declared.isEmpty()
            ? List.of(network.model().getGraph().getOutput(0).getName())
            : declared)
        .stream().filter(output -> network.producer(output).isPresent()).toList();
  }

  private static void requireRoom(String name, InputShape image, int images) {
    double bytes =
        (double) images * image.channels() * image.height() * image.width() * Float.BYTES;
    if (bytes > LARGEST_BATCH) {
      throw InputException.data(
          "%s: %d images of %d x %d x %d at once take %.0f MiB; at most %d are held: give a smaller input-size, or export the network for a smaller batch"
              .formatted(
                  name,
                  images,
                  image.channels(),
                  image.height(),
                  image.width(),
                  bytes / (1 << 20),
                  LARGEST_BATCH >> 20));
    }
  }
}
