package io.pare.stage;

import io.pare.algorithm.LayerProblem;
import io.pare.algorithm.PatchGeometry;
import io.pare.model.Layer;
import io.pare.model.LayerWeights;
import io.pare.model.OnnxNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers numbered for a pass: the groups of all of them, one after the other, are the partitions of
 * the samples.
 *
 * @param layers in ascending order of their indices
 * @param samplings one for each layer
 * @param problems one for each group, by partition
 * @param valuesPerImage values of the tensors that the layers of the whole network read, for one
 *     image; a subset has those of the groups it is from, so that both cut images into the same
 *     batches and their samples can be paired
 */
public record LayerGroups(
    List<Layer> layers,
    List<LayerSampling> samplings,
    List<LayerProblem> problems,
    long valuesPerImage) {
  private static final int FEWEST_SAMPLES = 4096;

  /**
   * How much is sampled.
   *
   * @param perColumn samples for each column of W
   * @param mostPerImage positions of one image and layer
   * @param images good calibration images
   * @param heldOut share of the images that is held out
   */
  public record Amount(int perColumn, int mostPerImage, long images, double heldOut) {

    int positions(int columns) {
      double samples = Math.max(FEWEST_SAMPLES, (double) perColumn * columns) / (1 - heldOut);
      return (int) Math.max(1, Math.min(mostPerImage, Math.ceil(samples / images)));
    }
  }

  /** Numbers layers of a network. */
  public static LayerGroups of(
      OnnxNetwork network, List<Layer> layers, Amount amount, double ridge) {
    List<LayerSampling> samplings = new ArrayList<>();
    List<LayerProblem> problems = new ArrayList<>();
    for (Layer layer : layers) {
      samplings.add(sampling(layer, problems.size(), amount));
      for (int group = 0; group < layer.groups(); group++) {
        problems.add(
            new LayerProblem(
                layer.shape(),
                LayerWeights.kernel(network, layer, group),
                LayerWeights.bias(network, layer, group),
                layer.activation(),
                ridge));
      }
    }
    return new LayerGroups(
        List.copyOf(layers), List.copyOf(samplings), List.copyOf(problems), valuesPerImage(layers));
  }

  private static LayerSampling sampling(Layer layer, int firstPartition, Amount amount) {
    boolean convolution = !layer.operator().isFullyConnected();
    PatchGeometry patches =
        new PatchGeometry(
            layer.shape(),
            layer.window().strideHeight(),
            layer.window().strideWidth(),
            layer.window().padTop(),
            layer.window().padLeft(),
            layer.window().dilationHeight(),
            layer.window().dilationWidth());
    return new LayerSampling(
        layer.index(),
        layer.input(),
        firstPartition,
        layer.groups(),
        patches,
        convolution,
        layer.geometry().outputWidth(),
        Math.toIntExact(layer.geometry().outputPositions()),
        amount.positions(layer.shape().columns()));
  }

  /** For each partition, how many groups its layer has. */
  int[] groupCounts() {
    int[] counts = new int[problems.size()];
    for (LayerSampling sampling : samplings) {
      Arrays.fill(
          counts,
          sampling.firstPartition(),
          sampling.firstPartition() + sampling.groups(),
          sampling.groups());
    }
    return counts;
  }

  /** For each partition, its layer and, where that has several, its group, to tell of. */
  String[] names() {
    String[] names = new String[problems.size()];
    for (int k = 0; k < layers.size(); k++) {
      Layer layer = layers.get(k);
      int first = samplings.get(k).firstPartition();
      for (int group = 0; group < layer.groups(); group++) {
        names[first + group] =
            layer.groups() == 1
                ? "layer " + layer.name()
                : "layer %s, group %d of %d".formatted(layer.name(), group + 1, layer.groups());
      }
    }
    return names;
  }

  /** First partition of a layer. */
  public int firstPartition(Layer layer) {
    return samplings.get(layers.indexOf(layer)).firstPartition();
  }

  /** Place, among the layers, of the one that a partition belongs to. */
  public int layerOf(int partition) {
    int place = 0;
    while (place + 1 < layers.size() && samplings.get(place + 1).firstPartition() <= partition) {
      place++;
    }
    return place;
  }

  /** Some of the layers, numbered anew from 0. */
  LayerGroups subset(List<Layer> chosen) {
    List<LayerSampling> subset = new ArrayList<>();
    List<LayerProblem> theirs = new ArrayList<>();
    for (Layer layer : chosen) {
      LayerSampling sampling = samplings.get(layers.indexOf(layer));
      subset.add(sampling.withFirstPartition(theirs.size()));
      int first = sampling.firstPartition();
      theirs.addAll(problems.subList(first, first + layer.groups()));
    }
    return new LayerGroups(List.copyOf(chosen), subset, theirs, valuesPerImage);
  }

  private static long valuesPerImage(List<Layer> layers) {
    Map<String, Long> tensors = new HashMap<>();
    for (Layer layer : layers) {
      tensors.put(layer.input(), inputValues(layer));
    }
    return tensors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many values a layer reads for one image. */
  static long inputValues(Layer layer) {
    long columns =
        layer.operator().isFullyConnected()
            ? layer.shape().columns()
            : (long) layer.shape().inputChannels() * layer.groups();
    return columns * layer.geometry().inputPositions();
  }
}
