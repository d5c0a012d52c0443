package io.pare.model.inference;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Measures the shapes of what a network's layers read and write by running it once on zeros: that
 * works with every operator that ONNX Runtime has, however the shapes come about. Stateless.
 */
public final class ShapeMeasurement {
  private ShapeMeasurement() {}

  /**
   * Runs the network once.
   *
   * @throws InputException if ONNX Runtime cannot run it on such an image, with its reason
   */
  public static NetworkShapes of(OnnxNetwork network, InputShape image) {
    Set<String> tensors = NetworkShapes.tensors(network);
    if (tensors.isEmpty()) {
      return NetworkShapes.unknown();
    }
    byte[] probe = network.withOutputs(tensors).toBytes();
    try (InferenceSession session = InferenceSession.open(probe, 1)) {
      Map<String, long[]> shapes = session.shapes(image);
      int images = network.fixedBatch().orElse(1);
      shapes.put(network.inputName(), image.batch(images));
      NetworkShapes measured = NetworkShapes.of(shapes, images);
      return network.fixedBatch().isPresent()
          ? measured
          : measured.withDoubled(doubled(session, image));
    }
  }

  /**
   * The shapes of the outputs for a batch of two images; nothing where the network takes one at a
   * time, whatever it says.
   */
  public static Map<String, long[]> doubled(InferenceSession session, InputShape image) {
    try {
      return session.shapes(image, 2);
    } catch (InputException e) {
      return Map.of();
    }
  }

  /**
   * The shapes of all tensors that nodes write, and of the input, for a batch.
   *
   * @param images in the batch, at least 1; the network's own number where it fixes one
   * @throws InputException if ONNX Runtime cannot run it on such a batch, with its reason
   */
  public static NetworkShapes everywhere(OnnxNetwork network, InputShape image, int images) {
    Set<String> tensors = new LinkedHashSet<>();
    network.nodes().forEach(node -> tensors.addAll(node.getOutputList()));
    tensors.remove("");
    byte[] probe = network.withOutputs(tensors).toBytes();
    try (InferenceSession session = InferenceSession.open(probe, 1)) {
      Map<String, long[]> shapes = session.shapes(image, images);
      shapes.put(network.inputName(), image.batch(images));
      return NetworkShapes.of(shapes, images);
    }
  }
}
