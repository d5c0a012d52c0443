package io.pare.run.pipeline;

import io.pare.algorithm.structure.Approximation;
import io.pare.model.InputShape;
import io.pare.model.Layer;
import io.pare.model.LayerWeights;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.DistillationLoss;
import io.pare.model.gradient.GradientNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImage;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What replacements of layers would do to the scores of a classifier, by gradients. To second order
 * the divergence of a change D of the weights is half the mean of {@code <D, g>^2}, where g is the
 * gradient of the log-probability of a class that is drawn as the network believes in it: the
 * Fisher information in the direction of D. One pass forward and back an image serves all
 * replacements.
 *
 * <p>Classes are drawn by their part of the trace of the Fisher information and weighed
 * accordingly: where the network is nearly certain, the class that it believes in has next to no
 * gradient.
 */
final class GradientSensitivity {
  /** A score that leaves the other classes nothing. */
  private static final float CERTAIN = 60;

  private final SampledLayers sampled;
  private final OnnxNetwork network;
  private final List<Replacement> replacements;
  private final List<Onnx.NodeProto> nodes;
  private final GradientNetwork gradient;
  private final Map<String, TensorData> weights;

  GradientSensitivity(SampledLayers sampled, List<Replacement> replacements) {
    this.sampled = sampled;
    this.replacements = replacements;
    network = sampled.source().folded();
    nodes = replacements.stream().map(its -> node(its.layer())).toList();
    List<String> wanted =
        nodes.stream().flatMap(node -> node.getInputList().stream().skip(1)).distinct().toList();
    gradient =
        GradientNetwork.of(
            network,
            sampled.source().input(),
            wanted,
            DistillationLoss.of(sampled.source().outputs(), 1));
    weights = weights();
  }

  private Onnx.NodeProto node(Layer layer) {
    return network.nodes().stream()
        .filter(
            node -> node.getName().equals(layer.name()) || node.getOutput(0).equals(layer.name()))
        .findFirst()
        .orElseThrow();
  }

  private Map<String, TensorData> weights() {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    for (Onnx.TensorProto tensor : network.model().getGraph().getInitializerList()) {
      if (gradient.gradients().containsKey(tensor.getName())) {
        FloatBuffer values =
            tensor
                .getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        tensors.put(tensor.getName(), new TensorData(shape, copy));
      }
    }
    return tensors;
  }

  /**
   * The divergences to be expected, in the order of the replacements.
   *
   * @param count images, spread evenly
   */
  double[] divergences(int count) {
    List<double[]> changes = replacements.stream().map(its -> changes(network, its)).toList();
    List<PreparedImage> images = new ArrayList<>();
    sampled.images().blocks().collect().forEach(block -> images.addAll(block.images()));
    images.sort(Comparator.comparingLong(PreparedImage::id));
    int used = Math.min(count, images.size());
    InputShape input = sampled.source().input();
    Map.Entry<String, String> target = gradient.targets().entrySet().iterator().next();
    Random random = new Random(1);
    double[] sums = new double[replacements.size()];
    Map<String, TensorData> given = new LinkedHashMap<>(weights);
    try (InferenceSession original = InferenceSession.open(network.toBytes(), 2);
        InferenceSession session = InferenceSession.open(gradient.network().toBytes(), 2)) {
      for (int k = 0; k < used; k++) {
        PreparedImage image = images.get((int) ((long) k * images.size() / used));
        float[] pixels =
            ImageBatch.cut(List.of(image), 1).get(0).tensor(sampled.images().preprocessing());
        given.put(network.inputName(), new TensorData(input.batch(1), pixels));
        TensorData scores = original.run(pixels, 1, input).get(target.getKey());
        double[] p = softmax(scores.values());
        double[] shares = shares(p);
        int drawn = drawn(shares, random.nextDouble());
        float[] certain = new float[p.length];
        certain[drawn] = CERTAIN;
        given.put(target.getValue(), new TensorData(scores.shape(), certain));
        Map<String, TensorData> outputs = session.run(given);
        double weight = p[drawn] / shares[drawn] / used;
        for (int r = 0; r < sums.length; r++) {
          double inner = inner(changes.get(r), gradients(nodes.get(r), outputs));
          sums[r] += weight * inner * inner / 2;
        }
      }
    }
    return sums;
  }

  private List<float[]> gradients(Onnx.NodeProto node, Map<String, TensorData> outputs) {
    return node.getInputList().stream()
        .skip(1)
        .map(tensor -> outputs.get(gradient.gradients().get(tensor)).values())
        .toList();
  }

  private static double inner(double[] change, List<float[]> gradients) {
    double inner = 0;
    int at = 0;
    for (float[] each : gradients) {
      for (float value : each) {
        inner += change[at++] * value;
      }
    }
    return inner;
  }

  /** What is added to the weights and then to the bias of a layer that has its weights by rows. */
  private static double[] changes(OnnxNetwork network, Replacement replacement) {
    Layer layer = replacement.layer();
    int outputs = layer.shape().outputs();
    int size = outputs * layer.shape().columns();
    double[] changes = new double[(size + outputs) * layer.groups()];
    for (int group = 0; group < layer.groups(); group++) {
      Approximation after = replacement.groups().get(group);
      double[] kernel = after.matrix(layer.shape()).values();
      float[] before = LayerWeights.kernel(network, layer, group);
      for (int i = 0; i < size; i++) {
        changes[group * size + i] = kernel[i] - before[i];
      }
      double[] bias = LayerWeights.bias(network, layer, group);
      for (int i = 0; i < outputs; i++) {
        changes[layer.groups() * size + group * outputs + i] = after.bias()[i] - bias[i];
      }
    }
    return changes;
  }

  private static double[] softmax(float[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      largest = Math.max(largest, score);
    }
    double[] p = new double[scores.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(scores[k] - largest);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  /** How often each class is drawn: by its part of the trace of the Fisher information. */
  private static double[] shares(double[] p) {
    double squares = Arrays.stream(p).map(x -> x * x).sum();
    double[] shares = new double[p.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      shares[k] = p[k] * ((1 - p[k]) * (1 - p[k]) + squares - p[k] * p[k]);
      sum += shares[k];
    }
    for (int k = 0; k < p.length; k++) {
      shares[k] /= sum;
    }
    return shares;
  }

  private static int drawn(double[] shares, double at) {
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      sum += shares[k];
      if (at < sum) {
        return k;
      }
    }
    return shares.length - 1;
  }
}
