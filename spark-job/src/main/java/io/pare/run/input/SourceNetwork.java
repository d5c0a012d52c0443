package io.pare.run.input;

import io.pare.InputException;
import io.pare.config.JobConfig;
import io.pare.config.OutputConfig;
import io.pare.io.HadoopFiles;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.preprocessing.TensorLayout;
import io.pare.model.InputShape;
import io.pare.model.LayerWeights;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.output.NetworkOutputs;
import io.pare.report.Warning;
import io.pare.run.progress.Phases;
import io.pare.run.progress.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;

/**
 * A network as read and as prepared.
 *
 * @param name file name, for messages and the report
 * @param sha256 of the file
 * @param fileBytes length of the file, external data not counted
 * @param original as read
 * @param folded with BatchNormalization folded into the convolutions before it
 * @param input shape of one image
 * @param chosen from an image file to that shape, and who says so
 * @param shapes of the folded network's tensors, measured on that shape
 * @param layers of the folded network
 * @param outputs that it is compared with others by, at least one
 */
public record SourceNetwork(
    String name,
    String sha256,
    long fileBytes,
    OnnxNetwork original,
    OnnxNetwork folded,
    InputShape input,
    ChosenPreprocessing chosen,
    NetworkShapes shapes,
    NetworkLayers layers,
    NetworkOutputs outputs) {

  /**
   * Reads and validates a network.
   *
   * @param hadoop settings that the file systems are known from
   * @param phases that the two are told as
   * @throws InputException when it is missing or invalid, or the preprocessing does not fit it
   */
  public static SourceNetwork read(JobConfig.Network config, Configuration hadoop, Phases phases) {
    HadoopFiles files = new HadoopFiles(hadoop);
    byte[] bytes = phases.time("read", () -> files.readAll(config.model(), Integer.MAX_VALUE - 8));
    return phases.time("validate", () -> validated(config, hadoop, bytes));
  }

  private static SourceNetwork validated(
      JobConfig.Network config, Configuration hadoop, byte[] bytes) {
    ReadNetwork read = ReadNetwork.of(config, hadoop, bytes).comparable();
    return new SourceNetwork(
        read.path(),
        InferenceSessions.sha256(bytes),
        read.fileBytes(),
        read.original(),
        read.folded(),
        read.input(),
        preprocessing(config, read.original(), read.input(), new HadoopFiles(hadoop)),
        read.shapes(),
        read.layers(),
        read.outputs());
  }

  /** The same network, which sees images as another does that it is compared with. */
  public SourceNetwork with(ChosenPreprocessing other) {
    return new SourceNetwork(
        name, sha256, fileBytes, original, folded, input, other, shapes, layers, outputs);
  }

  /** How many classes it tells apart; empty where no output is a vector of scores. */
  public OptionalInt classes() {
    return outputs.classes();
  }

  /** From an image file to the shape of the input. */
  public Preprocessing preprocessing() {
    return chosen.preprocessing();
  }

  /** Every key with its value, and the preprocessing as it was chosen in the end. */
  public Map<String, String> effective(Map<String, String> configured) {
    Map<String, String> effective = new LinkedHashMap<>(configured);
    effective.put("preprocessing", preprocessing().canonical());
    OutputConfig.ofMetadata(original.metadata())
        .forEach((key, id) -> effective.merge(key, id, (set, own) -> set.isEmpty() ? own : set));
    return effective;
  }

  /** Warns where nobody said how images become the input. */
  public void warn(Warnings warnings) {
    if (chosen.origin() == ChosenPreprocessing.Origin.GUESSED) {
      warnings.add(
          Warning.Code.PREPROCESSING_GUESSED,
          "neither the configuration nor the network nor a file beside it says how images become its input; taken is %s; set preprocessing"
              .formatted(preprocessing().canonical()),
          name);
    }
  }

  /**
   * The same with more layers that stay as they are.
   *
   * @param reasons by name of the layer
   */
  public SourceNetwork keeping(Map<String, String> reasons) {
    return new SourceNetwork(
        name,
        sha256,
        fileBytes,
        original,
        folded,
        input,
        chosen,
        shapes,
        layers.keeping(reasons),
        outputs);
  }

  /** The most bytes that a weight takes in the file: 2 where all layers hold halves, else 4. */
  public int bytesPerWeight() {
    return layers.compressible().stream()
        .mapToInt(layer -> LayerWeights.bytesPerWeight(folded, layer))
        .max()
        .orElse(Float.BYTES);
  }

  private static ChosenPreprocessing preprocessing(
      JobConfig.Network config, OnnxNetwork original, InputShape input, HadoopFiles files) {
    ChosenPreprocessing chosen = ChosenPreprocessing.of(config, original, input, files);
    Preprocessing preprocessing = chosen.preprocessing();
    TensorLayout layout =
        input.layout() == InputShape.Layout.NCHW ? TensorLayout.NCHW : TensorLayout.NHWC;
    if (preprocessing.channels() != input.channels()
        || preprocessing.normalization().layout() != layout
        || preprocessing.height() != input.height()
        || preprocessing.width() != input.width()) {
      throw InputException.usage(
          "preprocessing gives %d x %d x %d in %s, but the network takes %d x %d x %d in %s; set channels, crop, resize or layout"
              .formatted(
                  preprocessing.channels(),
                  preprocessing.height(),
                  preprocessing.width(),
                  preprocessing.normalization().layout(),
                  input.channels(),
                  input.height(),
                  input.width(),
                  layout));
    }
    return chosen;
  }
}
