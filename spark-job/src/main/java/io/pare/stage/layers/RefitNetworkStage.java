package io.pare.stage.layers;

import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.LayerFits.Refit;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.Layer;
import io.pare.model.LayerLevels;
import io.pare.model.OnnxNetwork;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.layers.RefitLayersStage.GroupTask;
import io.pare.stage.network.Activations;
import io.pare.stage.spark.Checkpoints;
import io.pare.stage.spark.TaskRunner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the network level by level: runs what has been compressed so far over the images, from one
 * level to the next, and fits the next level's layers, in the structures of the plan, to the
 * original's activations.
 */
public final class RefitNetworkStage {
  private static final Logger LOG = LoggerFactory.getLogger(RefitNetworkStage.class);

  private final JavaSparkContext spark;
  private final SamplingSettings settings;

  /**
   * What is to be fitted.
   *
   * @param structures of all groups of the layers that change
   * @param fitting linear, or to the outputs after the nonlinearity
   * @param checkpoints layers that earlier runs have fitted for the same request
   */
  public record Request(
      NavigableMap<LayerGroup, Structure.Sum> structures,
      Fitting fitting,
      Checkpoints checkpoints) {

    /** One layer group of the request. */
    private record GroupRequest(LayerGroup group, Structure.Sum structure) {}

    /** The request without its map, which no record of a checkpoint holds. */
    private record Whole(List<GroupRequest> groups, Fitting fitting) {}

    /**
     * The fit of a layer depends on what all layers before it have become: on the whole request.
     */
    private String hash() {
      List<GroupRequest> groups = new ArrayList<>();
      structures.forEach((group, structure) -> groups.add(new GroupRequest(group, structure)));
      return RecordHash.of(new Whole(groups, fitting));
    }

    /** Whether a layer is only to get better weights of its own shape. */
    private boolean isDense(Layer layer) {
      return structures.get(new LayerGroup(layer.index(), 0)).isDense(layer.shape());
    }
  }

  /**
   * What is kept of one layer.
   *
   * @param fit one, or none where the layer stays as it was
   */
  record Refitted(List<LayerFit> fit) {

    private String summary() {
      return fit.isEmpty()
          ? "its own weights do best"
          : String.format(Locale.ROOT, "relative error %.4f", fit.get(0).error());
    }
  }

  /** A stage on a running Spark application. */
  public RefitNetworkStage(JavaSparkContext spark, SamplingSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Fits all layers that change.
   *
   * @param network the original, BatchNormalization folded
   * @param outputs of the original layers, which the groups belong to
   * @return the fits by layer name
   */
  public Map<String, LayerFit> run(
      OnnxNetwork network,
      PreparedImages images,
      LayerGroups groups,
      LayerOutputs outputs,
      Request request) {
    Map<String, LayerFit> fits = new LinkedHashMap<>();
    List<Layer> changing =
        groups.layers().stream().filter(layer -> isFitted(layer, groups, request)).toList();
    List<Layer> pending = new ArrayList<>(changing);
    Levels fitting = new Levels(groups, outputs, request);
    try (WalkNetworkStage walk =
        new WalkNetworkStage(spark, settings.execution(), network, images, groups)) {
      for (List<Layer> level : LayerLevels.of(network, changing)) {
        OnnxNetwork soFar = ModelRewriter.rewrite(network, replacements(groups, fits), Map.of());
        Activations activations = walk.advance(soFar, pending, layer -> multiplyAdds(layer, fits));
        List<Layer> missing = fitting.missing(level, fits);
        if (!missing.isEmpty()) {
          spark.setJobDescription(
              "refit %s, %d of %d layers done"
                  .formatted(
                      String.join(", ", missing.stream().map(Layer::name).toList()),
                      fits.size(),
                      changing.size()));
          fitting.fit(activations, missing, fits);
          walk.arrived();
        }
        pending.removeAll(level);
      }
    }
    return fits;
  }

  private static long multiplyAdds(Layer layer, Map<String, LayerFit> fits) {
    LayerFit fit = fits.get(layer.name());
    return fit == null
        ? layer.cost().macs()
        : fit.approximations().stream()
            .mapToLong(group -> group.cost(layer.shape(), layer.geometry()).macs())
            .sum();
  }

  /** A layer that is kept needs a Gram matrix to find better weights than its own. */
  private static boolean isFitted(Layer layer, LayerGroups groups, Request request) {
    return request.structures().containsKey(new LayerGroup(layer.index(), 0))
        && (groups.space(layer).hasGram() || !request.isDense(layer));
  }

  /** What the fits of every level go by. */
  private final class Levels {
    private final LayerGroups groups;
    private final LayerOutputs outputs;
    private final Request request;
    private final String hash;

    Levels(LayerGroups groups, LayerOutputs outputs, Request request) {
      this.groups = groups;
      this.outputs = outputs;
      this.request = request;
      hash = request.hash();
    }

    /** The layers that no earlier run has fitted; what it did fit joins the fits. */
    List<Layer> missing(List<Layer> level, Map<String, LayerFit> fits) {
      List<Layer> missing = new ArrayList<>();
      for (Layer layer : level) {
        Optional<Refitted> done = request.checkpoints().find(part(layer, hash), Refitted.class);
        done.ifPresent(fit -> fit.fit().forEach(found -> fits.put(layer.name(), found)));
        done.ifPresent(fit -> LOG.info("layer {} is refitted already", layer.name()));
        if (done.isEmpty()) {
          missing.add(layer);
        }
      }
      return missing;
    }

    void fit(Activations activations, List<Layer> layers, Map<String, LayerFit> fits) {
      LayerSamples compressed =
          new SampleLayersStage(spark, settings).run(activations, groups.subset(layers));
      List<GroupTask> tasks = new ArrayList<>();
      for (Layer layer : layers) {
        for (LayerGroup group : LayerGroups.of(layer)) {
          tasks.add(new GroupTask(group, request.structures().get(group), request.fitting()));
        }
      }
      Map<LayerGroup, Refit> refits =
          new RefitLayersStage(TaskRunner.of(spark, settings.execution().threads()))
              .run(outputs, compressed, tasks);
      for (Layer layer : layers) {
        List<Refit> its = LayerGroups.of(layer).stream().map(refits::get).toList();
        Refitted fit = refitted(layer, its, request);
        fit.fit().forEach(found -> fits.put(layer.name(), found));
        request.checkpoints().keep(part(layer, hash), fit);
        LOG.info("layer {} is refitted: {}", layer.name(), fit.summary());
      }
    }
  }

  private static Checkpoints.Part part(Layer layer, String request) {
    return new Checkpoints.Part("refit", layer.name(), request);
  }

  /** A kept layer changes only where a refit of its weights does better than the original ones. */
  private static Refitted refitted(Layer layer, List<Refit> groups, Request request) {
    if (request.isDense(layer) && groups.stream().noneMatch(Refit::refitted)) {
      return new Refitted(List.of());
    }
    double error = groups.stream().mapToDouble(Refit::error).average().orElseThrow();
    return new Refitted(
        List.of(new LayerFit(groups.stream().map(Refit::approximation).toList(), error)));
  }

  /** The fits as the rewriting takes them. */
  public static List<Replacement> replacements(LayerGroups groups, Map<String, LayerFit> fits) {
    List<Replacement> replacements = new ArrayList<>();
    for (Layer layer : groups.layers()) {
      if (fits.containsKey(layer.name())) {
        replacements.add(new Replacement(layer, fits.get(layer.name()).approximations()));
      }
    }
    return replacements;
  }
}
