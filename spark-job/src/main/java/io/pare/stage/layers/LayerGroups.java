package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.statistics.FitSpace;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.PatchGeometry;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.LayerShape;
import io.pare.model.Layer;
import io.pare.model.LayerWeights;
import io.pare.model.OnnxNetwork;
import io.pare.model.rewrite.ChannelFlow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The layer groups of a pass over the images, in the order of the partitions that hold their
 * samples: the groups of one layer after those of the other.
 *
 * @param network that the layers are of
 * @param sampled the layers in ascending order of their indices
 * @param ridge of every problem
 * @param valuesPerImage values of the tensors that are sampled in the whole network, for one image;
 *     a subset has those of the groups it is from, so that both cut images into the same batches
 *     and their samples can be paired
 */
public record LayerGroups(
    OnnxNetwork network, List<Sampled> sampled, double ridge, long valuesPerImage) {
  private static final int FEWEST_SAMPLES = 4096;

  /**
   * A layer of a pass over the images.
   *
   * @param layer that is sampled
   * @param sampling where its samples come from and where they go
   * @param placement how its fits are solved
   * @param together neighbouring inputs that one filter before it computes
   */
  record Sampled(
      Layer layer, LayerSampling sampling, WideLayers.Placement placement, int together) {}

  /** Copies the list. */
  public LayerGroups {
    sampled = List.copyOf(sampled);
  }

  /**
   * How much is sampled.
   *
   * @param perColumn samples for each column of W
   * @param mostPerImage positions of one image and layer
   * @param images good calibration images
   * @param heldOut share of the images that is held out
   * @param wide where layers are solved
   */
  public record Amount(
      int perColumn, int mostPerImage, long images, double heldOut, WideLayers wide) {

    int positions(int columns) {
      double samples = Math.max(FEWEST_SAMPLES, (double) perColumn * columns) / (1 - heldOut);
      return (int) Math.max(1, Math.min(mostPerImage, Math.ceil(samples / images)));
    }

    /** Samples of a layer from all images together. */
    public double samples(Layer layer) {
      return (double) images
          * Math.min(positions(layer.shape().columns()), layer.geometry().outputPositions());
    }

    WideLayers.Placement placement(Layer layer) {
      return wide.of(layer, samples(layer), heldOut);
    }
  }

  /** Numbers layers of a network. */
  public static LayerGroups of(
      OnnxNetwork network, List<Layer> layers, Amount amount, double ridge) {
    List<Sampled> sampled = new ArrayList<>();
    int partition = 0;
    for (Layer found : layers) {
      WideLayers.Placement placement = amount.placement(found);
      Layer layer = placement.space().hasGram() ? found : found.beforeAddition();
      sampled.add(new Sampled(layer, sampling(layer, partition, amount), placement, 1));
      partition += layer.groups();
    }
    return new LayerGroups(
        network, sampled, ridge, valuesPerImage(sampled.stream().map(Sampled::layer).toList()));
  }

  /** The same, with what is known of who computes the inputs of the layers. */
  public LayerGroups following(ChannelFlow flow) {
    List<Sampled> followed =
        sampled.stream()
            .map(
                its ->
                    new Sampled(
                        its.layer(), its.sampling(), its.placement(), flow.together(its.layer())))
            .toList();
    return new LayerGroups(network, followed, ridge, valuesPerImage);
  }

  private static String name(Layer layer, int group) {
    return layer.groups() == 1
        ? "layer " + layer.name()
        : "layer %s, group %d of %d".formatted(layer.name(), group + 1, layer.groups());
  }

  private static LayerSampling sampling(Layer layer, int firstPartition, Amount amount) {
    boolean convolution = !layer.operator().isFullyConnected();
    PatchGeometry patches = new PatchGeometry(layer.shape(), layer.window());
    return new LayerSampling(
        layer.index(),
        layer.input(),
        layer.summand(),
        firstPartition,
        layer.groups(),
        patches,
        convolution,
        layer.run(),
        Math.toIntExact(layer.geometry().outputPositions()),
        amount.positions(layer.shape().columns()));
  }

  /** The layers, in ascending order of their indices. */
  public List<Layer> layers() {
    return sampled.stream().map(Sampled::layer).toList();
  }

  /** Where the samples of each layer come from and where they go, in the order of the layers. */
  List<LayerSampling> samplings() {
    return sampled.stream().map(Sampled::sampling).toList();
  }

  /** All layer groups, in the order of their partitions. */
  List<LayerGroup> groups() {
    return sampled.stream().flatMap(its -> of(its.layer()).stream()).toList();
  }

  /** The groups of one layer. */
  public static List<LayerGroup> of(Layer layer) {
    return IntStream.range(0, layer.groups())
        .mapToObj(group -> new LayerGroup(layer.index(), group))
        .toList();
  }

  /** As texts call a layer group. */
  String name(LayerGroup group) {
    return name(sampled(group.layer()).layer(), group.group());
  }

  /** The partition that holds the samples of a layer group. */
  int partition(LayerGroup group) {
    return sampled(group.layer()).sampling().firstPartition() + group.group();
  }

  /** The shape of a layer group. */
  LayerShape shape(LayerGroup group) {
    return sampled(group.layer()).layer().shape();
  }

  /**
   * Samples that a layer is fitted on, to be expected of so many images.
   *
   * @param images that fits see
   */
  public double samples(Layer layer, double images) {
    LayerSampling sampling = sampled(layer.index()).sampling();
    return images * sampling.samplesPerImage();
  }

  /** The shapes of all layer groups that the ADMM can find sums for. */
  List<LayerShape> shapesWithSums() {
    return layers().stream()
        .filter(
            layer ->
                takes(Family.ADMM_KEPT_INPUTS, layer) || takes(Family.ADMM_KEPT_FILTERS, layer))
        .flatMap(layer -> Collections.nCopies(layer.groups(), layer.shape()).stream())
        .toList();
  }

  /** Where the fits of a layer are solved. */
  public FitSpace space(Layer layer) {
    return sampled(layer.index()).placement().space();
  }

  /** Neighbouring inputs of a layer that one filter before it computes, at least 1. */
  int together(LayerGroup group) {
    return sampled(group.layer()).together();
  }

  /** Where the statistics of a layer are gathered. */
  WideLayers.Place place(Layer layer) {
    return sampled(layer.index()).placement().place();
  }

  /** How the layers are solved whose statistics do not come from one task, a line each. */
  public List<String> placements() {
    return sampled.stream()
        .filter(its -> its.placement().place() == WideLayers.Place.MATRICES)
        .map(
            its ->
                "layer %s: distributed matrices, systems %s (%s)"
                    .formatted(
                        its.layer().name(),
                        its.placement().space().text(),
                        its.placement().reason()))
        .toList();
  }

  private Sampled sampled(int layer) {
    return sampled.stream()
        .filter(its -> its.layer().index() == layer)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " is not sampled"));
  }

  /** Whether a layer can take structures of a family. */
  public boolean takes(Family family, Layer layer) {
    return family.applies(layer.shape(), layer.groups())
        && (!family.needsGram() || space(layer).hasGram());
  }

  /** The problems of a layer's groups, with a copy of its weights. */
  List<LayerProblem> problemsOf(Layer wanted) {
    Sampled its = sampled(wanted.index());
    Layer layer = its.layer();
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
              its.placement().space()));
    }
    return List.copyOf(problems);
  }

  /** Some of the layers, their partitions numbered anew from 0. */
  public LayerGroups subset(List<Layer> chosen) {
    List<Sampled> subset = new ArrayList<>();
    int partition = 0;
    for (Layer layer : chosen) {
      Sampled its = sampled(layer.index());
      LayerSampling sampling = its.sampling().withFirstPartition(partition);
      subset.add(new Sampled(its.layer(), sampling, its.placement(), its.together()));
      partition += layer.groups();
    }
    return new LayerGroups(network, subset, ridge, valuesPerImage);
  }

  private static long valuesPerImage(List<Layer> layers) {
    Map<String, Long> tensors = new HashMap<>();
    for (Layer layer : layers) {
      tensors.put(layer.input(), layer.inputValues());
      if (!layer.summand().isEmpty()) {
        tensors.put(layer.summand(), layer.outputValues());
      }
    }
    return tensors.values().stream().mapToLong(Long::longValue).sum();
  }
}
