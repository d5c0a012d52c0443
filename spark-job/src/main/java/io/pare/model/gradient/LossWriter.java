package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.output.NetworkOutput;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a {@link DistillationLoss} and its gradients at the tensors that it compares. Not
 * thread-safe.
 */
final class LossWriter {
  private static final int FLOAT = Onnx.TensorProto.DataType.FLOAT_VALUE;

  /** Below this a probability or a sum of squares counts as this much, also in half precision. */
  private static final double SMALL = 1e-30;

  private static final double SMALL_HALF = 1e-4;

  private final Backpropagation pass;
  private final GraphWriter graph;
  private final DistillationLoss loss;
  private final Map<String, String> targets = new LinkedHashMap<>();
  private final List<String> terms = new ArrayList<>();
  private Optional<String> weight = Optional.empty();

  LossWriter(Backpropagation pass, DistillationLoss loss) {
    this.pass = pass;
    this.graph = pass.graph();
    this.loss = loss;
  }

  /** Writes all terms and hands their gradients to the pass; the name of the loss, a scalar. */
  String write() {
    loss.outputs().each().forEach(this::output);
    if (!loss.features().isEmpty()) {
      weight = Optional.of(graph.fresh("weight"));
      loss.features().forEach(this::feature);
    }
    return graph.total(terms);
  }

  /** The inputs that take what the original network computes, by tensor. */
  Map<String, String> targets() {
    return targets;
  }

  /** The input that takes the weight of the feature maps, if there are any. */
  Optional<String> weight() {
    return weight;
  }

  private String target(String tensor) {
    return targets.computeIfAbsent(tensor, absent -> graph.fresh("target." + tensor));
  }

  private void output(NetworkOutput output) {
    ClassScores.of(pass.network(), pass.shapes(), output)
        .ifPresentOrElse(
            found -> divergence(output.name(), found), () -> squares(output.name(), List.of()));
  }

  private void feature(String tensor) {
    squares(tensor, weight.stream().toList());
  }

  /** T^2 / n sum p (log p - log q), whose gradient at the scores is T / n (q - p). */
  private void divergence(String output, ClassScores scores) {
    int type = pass.types().of(scores.tensor());
    String wanted = target(output);
    if (type != pass.types().of(output)) {
      wanted = graph.write("Cast", List.of(wanted), NodeAttributes.number("to", type));
    }
    if (scores.probabilities()) {
      wanted = graph.apply("Log", atLeastSmall(wanted, type));
    }
    if (!scores.tensor().equals(output)) {
      long[] dims = pass.shapes().of(scores.tensor()).orElseThrow();
      wanted = graph.reshapeLike(wanted, scores.tensor(), dims);
    }
    String logP = logSoftmax(wanted, scores.axes(), type);
    String logQ = logSoftmax(scores.tensor(), scores.axes(), type);
    String p = graph.apply("Exp", logP);
    String each = graph.multiply(p, graph.subtract(logP, logQ));
    String positions = graph.sum(each, scores.axes());
    String count = graph.count(positions, type);
    double t = loss.temperature();
    String mean = graph.divide(graph.sumOfAll(positions), count);
    addTerm(graph.multiply(mean, graph.scalar(type, t * t)), type);
    String difference = graph.subtract(graph.apply("Exp", logQ), p);
    String factor = graph.divide(graph.scalar(type, t), count);
    pass.contribute(scores.tensor(), graph.multiply(difference, factor));
  }

  private String logSoftmax(String scores, int[] axes, int type) {
    double t = loss.temperature();
    String scaled = t == 1 ? scores : graph.multiply(scores, graph.scalar(type, 1 / t));
    String below = graph.subtract(scaled, graph.largest(scaled, axes));
    String sum = graph.sum(graph.apply("Exp", below), axes);
    return graph.subtract(below, graph.apply("Log", sum));
  }

  /** sum (y - t)^2 / sum t^2, times a weight where there is one. */
  private void squares(String tensor, List<String> weights) {
    int type = pass.types().of(tensor);
    String wanted = target(tensor);
    String difference = graph.subtract(tensor, wanted);
    String size = atLeastSmall(graph.sumOfAll(graph.multiply(wanted, wanted)), type);
    String error = graph.sumOfAll(graph.multiply(difference, difference));
    String term = graph.divide(error, size);
    String factor = graph.divide(graph.scalar(type, 2), size);
    for (String each : weights) {
      String cast = graph.write("Cast", List.of(each), NodeAttributes.number("to", type));
      term = graph.multiply(term, cast);
      factor = graph.multiply(factor, cast);
    }
    addTerm(term, type);
    pass.contribute(tensor, graph.multiply(difference, factor));
  }

  private String atLeastSmall(String tensor, int type) {
    boolean half = type == Onnx.TensorProto.DataType.FLOAT16_VALUE;
    return graph.write("Max", List.of(tensor, graph.scalar(type, half ? SMALL_HALF : SMALL)));
  }

  private void addTerm(String term, int type) {
    terms.add(
        type == FLOAT
            ? term
            : graph.write("Cast", List.of(term), NodeAttributes.number("to", FLOAT)));
  }
}
