package io.pare.model.gradient.graph;

import io.pare.model.InputShape;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The starts, pads and axes that a network computes from shapes instead of writing them down: read
 * off by running it on two batches. What differs between them stays unknown. Immutable.
 */
public final class ComputedIntegers {
  private static final Set<String> READERS =
      Set.of(
          "Slice",
          "Pad",
          "Gather",
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceL2",
          "ReduceSumSquare");
  private static final int FLOAT = Onnx.TensorProto.DataType.FLOAT_VALUE;

  private final Map<String, float[]> values = new LinkedHashMap<>();

  private ComputedIntegers() {}

  /** Runs the network once or twice if it computes any. */
  public static ComputedIntegers measure(OnnxNetwork network, InputShape image) {
    ComputedIntegers integers = new ComputedIntegers();
    Map<String, String> casts = new LinkedHashMap<>();
    Onnx.ModelProto.Builder probe = network.model().toBuilder();
    GraphWriter names = new GraphWriter(network.opset(), network.names());
    ElementTypes types = new ElementTypes(network);
    for (Onnx.NodeProto node : network.nodes()) {
      if (READERS.contains(node.getOpType())) {
        node.getInputList().stream()
            .skip(1)
            .filter(input -> !input.isEmpty() && !types.isFloat(input))
            .filter(input -> network.producer(input).isPresent())
            .filter(input -> network.constant(input).isEmpty())
            .forEach(input -> casts.computeIfAbsent(input, names::fresh));
      }
    }
    if (casts.isEmpty()) {
      return integers;
    }
    casts.forEach((input, cast) -> probe.getGraphBuilder().addNode(cast(input, cast)));
    byte[] bytes = OnnxNetwork.of(probe.build()).withOutputs(casts.values()).toBytes();
    OptionalInt fixed = network.fixedBatch();
    try (InferenceSession session = InferenceSession.open(bytes, 1)) {
      Map<String, TensorData> few = run(session, image, fixed.orElse(TensorShapes.FEW));
      Map<String, TensorData> more = run(session, image, fixed.orElse(TensorShapes.MORE));
      casts.forEach(
          (input, cast) -> {
            float[] each = few.get(cast).values();
            if (Arrays.equals(each, more.get(cast).values())) {
              integers.values.put(input, each);
            }
          });
    }
    return integers;
  }

  private static Onnx.NodeProto cast(String input, String output) {
    return Onnx.NodeProto.newBuilder()
        .setOpType("Cast")
        .addInput(input)
        .addOutput(output)
        .addAttribute(NodeAttributes.number("to", FLOAT))
        .build();
  }

  private static Map<String, TensorData> run(
      InferenceSession session, InputShape image, int images) {
    return session.run(new float[images * image.values()], images, image);
  }

  /** The values of a tensor that are the same for every batch. */
  public Optional<long[]> of(String tensor) {
    return Optional.ofNullable(values.get(tensor))
        .map(
            floats -> {
              long[] integers = new long[floats.length];
              Arrays.setAll(integers, i -> (long) floats[i]);
              return integers;
            });
  }
}
