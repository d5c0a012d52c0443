package io.pare.model.gradient;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.graph.ElementTypes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.OperatorSet;
import io.pare.model.gradient.graph.TensorShapes;
import io.pare.model.proto.Onnx;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network that computes, in one run of a stock ONNX Runtime, what another computes, how far that
 * is from what it should be, and how this changes with the weights (algorithm.md section 10).
 *
 * <p>Its inputs are the images, the trainable tensors, which are constants of the other network no
 * more, so that a step of learning needs no new session, and the targets: what the original network
 * gives for the same images. Batches may be of any size where the other network takes any; maps
 * have the size that it was written for. The same network gives the same bytes. Immutable.
 *
 * <p>An operator without a gradient stops it: what lies before is trained by other ways round it or
 * not at all, and all else as if nothing were.
 *
 * @param network outputs: the loss, those of the other network, one gradient for each trainable
 *     tensor that is reached
 * @param loss the name of the output with the loss, a scalar
 * @param targets the inputs that take what the original network computes, by tensor: every output
 *     and every feature map of the loss
 * @param weight the input that takes the weight of the feature maps, a scalar; empty without any
 * @param gradients the outputs with the gradients, by trainable tensor, in its shape
 * @param stops the nodes that the gradient reaches and does not pass
 * @param unreached wanted tensors without a gradient: they lead to the loss only by way of a stop,
 *     or not at all; they stay constants
 * @param partial trainable tensors whose gradient lacks what would have come by way of a stop
 */
public record GradientNetwork(
    OnnxNetwork network,
    String loss,
    Map<String, String> targets,
    Optional<String> weight,
    Map<String, String> gradients,
    List<Stop> stops,
    List<String> unreached,
    List<String> partial) {

  public GradientNetwork {
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    stops = List.copyOf(stops);
    unreached = List.copyOf(unreached);
    partial = List.copyOf(partial);
  }

  /**
   * A node that no gradient passes.
   *
   * @param node its name, or that of its first output where it has none
   * @param operator as in the graph
   */
  public record Stop(String node, String operator) {}

  /**
   * Writes the network; the other one is run on zeros for the shapes of its tensors.
   *
   * @param image one image as it will be given
   * @param wanted names of initializers that hold floats
   * @throws InputException if ONNX Runtime cannot run the network, or it is written in an operator
   *     set before 9
   * @throws IllegalArgumentException for a wanted tensor or a feature map that the network lacks
   */
  public static GradientNetwork of(
      OnnxNetwork network, InputShape image, Collection<String> wanted, DistillationLoss loss) {
    Set<String> trainable = new LinkedHashSet<>(wanted);
    check(network, trainable, loss);
    GraphWriter graph = new GraphWriter(OperatorSet.forGradients(network), network.names());
    Backpropagation pass = new Backpropagation(network, image, graph, trainable);
    LossWriter terms = new LossWriter(pass, loss);
    String total = terms.write();
    pass.run();
    Map<String, String> gradients = new LinkedHashMap<>();
    for (String tensor : trainable) {
      pass.gradient(tensor)
          .ifPresent(found -> gradients.put(tensor, graph.named(found, "gradient." + tensor)));
    }
    String name = graph.named(total, "loss");
    List<String> behind = pass.behindStops(trainable);
    return new GradientNetwork(
        assemble(pass, terms, gradients, name),
        name,
        terms.targets(),
        terms.weight(),
        gradients,
        pass.stops().stream().map(GradientNetwork::stop).toList(),
        trainable.stream().filter(tensor -> !gradients.containsKey(tensor)).toList(),
        behind.stream().filter(gradients::containsKey).toList());
  }

  private static Stop stop(Onnx.NodeProto node) {
    return new Stop(
        node.getName().isEmpty() ? node.getOutput(0) : node.getName(), node.getOpType());
  }

  private static void check(OnnxNetwork network, Set<String> wanted, DistillationLoss loss) {
    Set<String> initializers = new HashSet<>();
    ElementTypes types = new ElementTypes(network);
    network.model().getGraph().getInitializerList().forEach(t -> initializers.add(t.getName()));
    for (String tensor : wanted) {
      if (!initializers.contains(tensor) || !types.isFloat(tensor)) {
        throw new IllegalArgumentException("no initializer of floats is called " + tensor);
      }
    }
    for (String feature : loss.features()) {
      if (network.producer(feature).isEmpty()) {
        throw new IllegalArgumentException("the network has no tensor " + feature);
      }
    }
  }

  private static OnnxNetwork assemble(
      Backpropagation pass, LossWriter terms, Map<String, String> gradients, String loss) {
    OnnxNetwork network = pass.network();
    Onnx.GraphProto.Builder graph = network.model().getGraph().toBuilder().clearNode();
    graph.addAllNode(pass.forward()).addAllNode(pass.graph().nodes());
    graph.clearInitializer().clearInput().addInput(network.input());
    for (Onnx.TensorProto tensor : network.model().getGraph().getInitializerList()) {
      if (gradients.containsKey(tensor.getName())) {
        graph.addInput(declaration(pass, tensor.getName(), tensor.getName()));
      } else {
        graph.addInitializer(tensor);
      }
    }
    graph.addAllInitializer(pass.graph().constants());
    terms.targets().forEach((tensor, input) -> graph.addInput(declaration(pass, tensor, input)));
    terms.weight().ifPresent(input -> graph.addInput(scalar(input)));
    List<Onnx.ValueInfoProto> outputs = List.copyOf(graph.getOutputList());
    graph.clearOutput().addOutput(scalar(loss)).addAllOutput(outputs);
    gradients.forEach((tensor, output) -> graph.addOutput(declaration(pass, tensor, output)));
    long version = Math.max(network.model().getIrVersion(), OnnxNetwork.FREE_INITIALIZERS);
    Onnx.ModelProto.Builder model = network.model().toBuilder().setIrVersion(version);
    OnnxNetwork whole =
        OnnxNetwork.of(OperatorSet.raise(model, pass.graph().opset()).setGraph(graph).build());
    return whole.withOutputs(
        graph.getOutputList().stream().map(Onnx.ValueInfoProto::getName).toList());
  }

  private static Onnx.ValueInfoProto declaration(Backpropagation pass, String tensor, String name) {
    long[] dims =
        pass.shapes()
            .of(tensor)
            .orElseThrow(() -> InputException.data("tensor " + tensor + " has no known shape"));
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    for (long dim : dims) {
      Onnx.TensorShapeProto.Dimension.Builder each = shape.addDimBuilder();
      if (dim != TensorShapes.OPEN) {
        each.setDimValue(dim);
      }
    }
    return value(name, pass.types().of(tensor), shape);
  }

  private static Onnx.ValueInfoProto scalar(String name) {
    return value(name, Onnx.TensorProto.DataType.FLOAT_VALUE, Onnx.TensorShapeProto.newBuilder());
  }

  private static Onnx.ValueInfoProto value(
      String name, int type, Onnx.TensorShapeProto.Builder shape) {
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            Onnx.TypeProto.newBuilder()
                .setTensorType(
                    Onnx.TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }
}
