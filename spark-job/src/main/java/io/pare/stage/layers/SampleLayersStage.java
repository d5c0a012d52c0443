package io.pare.stage.layers;

import io.pare.algorithm.statistics.DrawnBlock;
import io.pare.algorithm.statistics.PatchGeometry;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.algorithm.statistics.Samples;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.TensorView;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.ActivationBatch;
import io.pare.stage.network.Activations;
import io.pare.stage.network.NetworkOnExecutors;
import io.pare.stage.network.RunNetworkStage;
import io.pare.stage.network.ValueWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/**
 * Runs a network over the images and gathers sampled inputs of some of its layers: one pass for all
 * of them.
 *
 * <p>Which positions are sampled, and which images are held out, depends on the seed, the image's
 * id and the layer alone. The result has one partition per layer group, sorted by the order of the
 * data set: whatever is folded over a partition gives the same bits for any number of executors.
 * The samples lie in shuffle files, so a partition can be walked as often as needed without another
 * pass.
 */
public final class SampleLayersStage {
  private final JavaSparkContext spark;
  private final SamplingSettings settings;

  /** A stage on a running Spark application. */
  public SampleLayersStage(JavaSparkContext spark, SamplingSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Draws the samples of some layers: one pass over the images, when they are first asked for.
   *
   * @param network to run
   * @param groups the layers and their partitions
   */
  public LayerSamples run(OnnxNetwork network, PreparedImages images, LayerGroups groups) {
    return run(network, images, groups, new ValueWatch(spark, List.of()));
  }

  /**
   * The same, while other tensors of the network are looked at.
   *
   * @param watch knows more once the samples are drawn
   */
  public LayerSamples run(
      OnnxNetwork network, PreparedImages images, LayerGroups groups, ValueWatch watch) {
    List<String> tensors =
        Stream.concat(groups.layers().stream().flatMap(Layer::sampled), watch.tensors().stream())
            .distinct()
            .toList();
    RunNetworkStage running = new RunNetworkStage(spark, settings.execution());
    NetworkOnExecutors shipped = running.ship(network, tensors);
    return gathered(
        running.read(
            shipped,
            images,
            groups.valuesPerImage(),
            watch.before(new DrawSamples(settings, groups))),
        shipped,
        groups);
  }

  /**
   * Draws the samples of some layers from what they read.
   *
   * @param activations the tensors that the layers read among them; must outlive the samples
   * @param groups the layers and their partitions
   */
  LayerSamples run(Activations activations, LayerGroups groups) {
    DrawSamples draw = new DrawSamples(settings, groups);
    return gathered(
        activations.batches().flatMap(new DrawFromStored(draw, activations.tensors())),
        activations.network(),
        groups);
  }

  private static LayerSamples gathered(
      JavaRDD<Tuple2<SampleKey, DrawnBlock>> drawn,
      NetworkOnExecutors network,
      LayerGroups groups) {
    int partitions = groups.groups().size();
    return new LayerSamples(
        JavaPairRDD.fromJavaRDD(drawn)
            .repartitionAndSortWithinPartitions(new ByPartition(partitions)),
        network,
        partitions);
  }

  private static final class DrawFromStored
      implements FlatMapFunction<ActivationBatch, Tuple2<SampleKey, DrawnBlock>> {
    private static final long serialVersionUID = 1L;
    private final DrawSamples draw;
    private final ArrayList<String> tensors;

    DrawFromStored(DrawSamples draw, List<String> tensors) {
      this.draw = draw;
      this.tensors = new ArrayList<>(tensors);
    }

    @Override
    public Iterator<Tuple2<SampleKey, DrawnBlock>> call(ActivationBatch batch) {
      Map<String, TensorView> views = new HashMap<>();
      for (int k = 0; k < tensors.size(); k++) {
        views.put(tensors.get(k), TensorView.of(batch.tensors().get(k)));
      }
      return draw.draw(batch.block(), batch.batch(), batch.ids(), views);
    }
  }

  /** Copies what belongs to some positions of an image, one after the other. */
  private interface Copying {
    void copy(int image, int[] positions, float[] target, int at);
  }

  /** Draws the samples of all layers from what one forward pass gave. */
  private static final class DrawSamples
      implements RunNetworkStage.BatchReader<Tuple2<SampleKey, DrawnBlock>> {
    private static final long serialVersionUID = 1L;
    private final SamplingSettings settings;
    private final ArrayList<LayerSampling> layers;

    DrawSamples(SamplingSettings settings, LayerGroups groups) {
      this.settings = settings;
      layers = new ArrayList<>(groups.samplings());
    }

    @Override
    public Iterator<Tuple2<SampleKey, DrawnBlock>> read(
        ImageBatch images, Map<String, TensorView> tensors) {
      return draw(images.block(), images.batch(), images.ids(), tensors);
    }

    private Iterator<Tuple2<SampleKey, DrawnBlock>> draw(
        int block, int batch, long[] ids, Map<String, TensorView> tensors) {
      List<Tuple2<SampleKey, DrawnBlock>> samples = new ArrayList<>();
      for (LayerSampling layer : layers) {
        Optional<TensorView> summand =
            layer.summand().isEmpty()
                ? Optional.empty()
                : Optional.of(tensors.get(layer.summand()));
        TensorView tensor = tensors.get(layer.tensor());
        int columns = layer.geometry().shape().columns();
        int outputs = layer.geometry().shape().outputs();
        for (int group = 0; group < layer.groups(); group++) {
          int part = group;
          Copying inputs =
              layer.convolution()
                  ? patches(tensor, layer, part)
                  : vectors(tensor, layer, ids.length);
          samples.add(
              new Tuple2<>(
                  new SampleKey(layer.firstPartition() + group, block, batch),
                  new DrawnBlock(
                      draw(ids, layer, columns, inputs),
                      summand.map(s -> draw(ids, layer, outputs, channels(s, layer, part))))));
        }
      }
      return samples.iterator();
    }

    private SampleBlock draw(long[] ids, LayerSampling layer, int columns, Copying copying) {
      return new SampleBlock(
          draw(ids, layer, columns, copying, false), draw(ids, layer, columns, copying, true));
    }

    private Samples draw(
        long[] ids, LayerSampling layer, int columns, Copying copying, boolean heldOut) {
      int perImage = layer.samplesPerImage();
      int[] chosen =
          IntStream.range(0, ids.length)
              .filter(k -> settings.heldOutImages().contains(ids[k]) == heldOut)
              .toArray();
      float[] values = new float[Math.multiplyExact(chosen.length * perImage, columns)];
      int at = 0;
      for (int k : chosen) {
        long seed = settings.positionSeed(ids[k], layer.layer());
        int[] positions = PatchGeometry.positions(seed, layer.available(), layer.wanted());
        copying.copy(k, positions, values, at);
        at += positions.length * columns;
      }
      return new Samples(chosen.length * perImage, columns, values);
    }

    /** What one group of a convolution reads for an output position. */
    private static Copying patches(TensorView tensor, LayerSampling layer, int group) {
      int valuesPerImage = tensor.values().capacity() / Math.toIntExact(tensor.shape()[0]);
      int first = group * (valuesPerImage / layer.groups());
      return (image, positions, target, at) ->
          layer
              .geometry()
              .copyPatches(tensor.values(), image * valuesPerImage + first, positions, target, at);
    }

    /** One vector of a run of vectors: the runs of all images follow each other. */
    private static Copying vectors(TensorView tensor, LayerSampling layer, int images) {
      int columns = layer.geometry().shape().columns();
      return (image, positions, target, at) -> {
        for (int k = 0; k < positions.length; k++) {
          int run = image + images * (positions[k] / layer.run());
          int vector = run * layer.run() + positions[k] % layer.run();
          tensor.values().get(vector * columns, target, at + k * columns, columns);
        }
      };
    }

    /** The channels of one group at an output position. */
    private static Copying channels(TensorView tensor, LayerSampling layer, int group) {
      int outputs = layer.geometry().shape().outputs();
      return (image, positions, target, at) -> {
        int first = (image * layer.groups() + group) * outputs;
        for (int channel = 0; channel < outputs; channel++) {
          for (int k = 0; k < positions.length; k++) {
            target[at + k * outputs + channel] =
                tensor.values().get((first + channel) * layer.available() + positions[k]);
          }
        }
      };
    }
  }
}
