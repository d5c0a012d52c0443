package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PatchGeometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.model.Layer;
import io.pare.model.LayerWeights;
import io.pare.model.OnnxNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers numbered for a pass: the groups of all of them, one after the other, are the partitions of
 * the samples.
 *
 * @param network that the layers are of
 * @param layers in ascending order of their indices
 * @param samplings one for each layer
 * @param spaces where its fits are solved, one for each layer
 * @param ridge of every problem
 * @param valuesPerImage values of the tensors that the layers of the whole network read, for one
 *     image; a subset has those of the groups it is from, so that both cut images into the same
 *     batches and their samples can be paired
 */
public record LayerGroups(
    OnnxNetwork network,
    List<Layer> layers,
    List<LayerSampling> samplings,
    List<FitSpace> spaces,
    double ridge,
    long valuesPerImage) {
  private static final int FEWEST_SAMPLES = 4096;

  /**
   * How much is sampled.
   *
   * @param perColumn samples for each column of W
   * @param mostPerImage positions of one image and layer
   * @param images good calibration images
   * @param heldOut share of the images that is held out
   * @param wide which layers are solved in the space of their samples
   */
  public record Amount(
      int perColumn, int mostPerImage, long images, double heldOut, WideLayers wide) {

    int positions(int columns) {
      double samples = Math.max(FEWEST_SAMPLES, (double) perColumn * columns) / (1 - heldOut);
      return (int) Math.max(1, Math.min(mostPerImage, Math.ceil(samples / images)));
    }

    /** Samples of a layer from all images together. */
    double samples(Layer layer) {
      return (double) images
          * Math.min(positions(layer.shape().columns()), layer.geometry().outputPositions());
    }

    FitSpace space(Layer layer) {
      return wide.spaceOf(layer, samples(layer), heldOut);
    }
  }

  /** Numbers layers of a network. */
  public static LayerGroups of(
      OnnxNetwork network, List<Layer> layers, Amount amount, double ridge) {
    List<LayerSampling> samplings = new ArrayList<>();
    int partition = 0;
    for (Layer layer : layers) {
      samplings.add(sampling(layer, partition, amount));
      partition += layer.groups();
    }
    return new LayerGroups(
        network,
        List.copyOf(layers),
        List.copyOf(samplings),
        layers.stream().map(amount::space).toList(),
        ridge,
        valuesPerImage(layers));
  }

  private static String name(Layer layer, int group) {
    return layer.groups() == 1
        ? "layer " + layer.name()
        : "layer %s, group %d of %d".formatted(layer.name(), group + 1, layer.groups());
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
        amount.positions(layer.shape().columns()),
        amount.space(layer).hasGram()
            ? 1
            : Math.min(1, WideLayers.MOST_SAMPLES / amount.samples(layer)));
  }

  /** Number of layer groups. */
  int partitions() {
    return layers.stream().mapToInt(Layer::groups).sum();
  }

  /** The shape of a layer group. */
  LayerShape shape(int partition) {
    return layers.get(layerOf(partition)).shape();
  }

  /** Where the fits of a layer are solved. */
  public FitSpace space(Layer layer) {
    return spaces.get(layers.indexOf(layer));
  }

  /** Whether a layer can take structures of a family: without a Gram matrix, low rank alone. */
  public boolean takes(Family family, Layer layer) {
    return family.applies(layer.shape(), layer.groups())
        && (family == Family.LOW_RANK_CHANNEL || space(layer).hasGram());
  }

  /** The problems of a layer's groups, with a copy of its weights. */
  List<LayerProblem> problemsOf(Layer layer) {
    List<LayerProblem> problems = new ArrayList<>();
    for (int group = 0; group < layer.groups(); group++) {
      problems.add(
          new LayerProblem(
              name(layer, group),
              layer.shape(),
              LayerWeights.kernel(network, layer, group),
              LayerWeights.bias(network, layer, group),
              layer.activation().part(group * layer.shape().outputs(), layer.shape().outputs()),
              ridge,
              space(layer)));
    }
    return List.copyOf(problems);
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
  public LayerGroups subset(List<Layer> chosen) {
    List<LayerSampling> subset = new ArrayList<>();
    int partition = 0;
    for (Layer layer : chosen) {
      subset.add(samplings.get(layers.indexOf(layer)).withFirstPartition(partition));
      partition += layer.groups();
    }
    return new LayerGroups(
        network,
        List.copyOf(chosen),
        List.copyOf(subset),
        chosen.stream().map(this::space).toList(),
        ridge,
        valuesPerImage);
  }

  private static long valuesPerImage(List<Layer> layers) {
    Map<String, Long> tensors = new HashMap<>();
    for (Layer layer : layers) {
      tensors.put(layer.input(), layer.inputValues());
    }
    return tensors.values().stream().mapToLong(Long::longValue).sum();
  }
}
