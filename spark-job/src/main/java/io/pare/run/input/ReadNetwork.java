package io.pare.run.input;

import io.pare.InputException;
import io.pare.config.InputSize;
import io.pare.config.JobConfig;
import io.pare.io.HadoopExternalData;
import io.pare.io.HadoopFiles;
import io.pare.model.InputShape;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.trial.Trial;
import io.pare.model.output.NetworkOutputs;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.PreparedGraph;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * A network as it is read and first run, without Spark, and whatever images it takes: the same for
 * a look at it and for a compression, so that both refuse the same.
 *
 * @param path as it was named
 * @param fileBytes length of the file, external data not counted
 * @param original as read
 * @param folded with BatchNormalization folded into the convolutions before it: it would hide the
 *     activation behind it
 * @param input shape of one image
 * @param shapes of the folded network's tensors, measured on that shape
 * @param layers of the folded network
 * @param outputs that can be compared, which may be none
 */
public record ReadNetwork(
    String path,
    long fileBytes,
    OnnxNetwork original,
    OnnxNetwork folded,
    InputShape input,
    NetworkShapes shapes,
    NetworkLayers layers,
    NetworkOutputs outputs) {
  private static final Set<Integer> CHANNELS = Set.of(1, 3);
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Reads and validates a network.
   *
   * @throws InputException if it cannot be read or is invalid
   */
  public static ReadNetwork of(JobConfig.Network network) {
    Configuration configuration = HadoopSettings.ofProcess();
    byte[] bytes = new HadoopFiles(configuration).readAll(network.model(), LARGEST_ARRAY);
    return of(network, configuration, bytes);
  }

  /**
   * Validates a network.
   *
   * @param configuration that its external data are found with
   * @param bytes of its file
   * @throws InputException if it is invalid
   */
  static ReadNetwork of(JobConfig.Network network, Configuration configuration, byte[] bytes) {
    HadoopExternalData external = new HadoopExternalData(configuration, network.model());
    OnnxNetwork original =
        network.fed(ModelReader.read(network.model(), bytes, external::readRange));
    OnnxNetwork folded = PreparedGraph.of(original);
    InputShape input =
        folded.inputShape(size(network, InputSize::height), size(network, InputSize::width));
    NetworkShapes shapes =
        Trial.shapes(network.model(), original, folded, input, network.trialLimit());
    return new ReadNetwork(
        network.model(),
        bytes.length,
        original,
        folded,
        input,
        shapes,
        NetworkLayers.of(folded, shapes),
        NetworkOutputs.of(folded, shapes, input.layout(), network.outputs()));
  }

  /**
   * Makes sure that images can be put in and that something comes out by which networks can be
   * compared, as a compression needs it.
   *
   * @throws InputException saying which is not so
   */
  public ReadNetwork comparable() {
    if (!CHANNELS.contains(input.channels())) {
      throw InputException.data(
          "%s takes images of %d channels; those that are read have 1 or 3"
              .formatted(path, input.channels()));
    }
    outputs.required(path);
    return this;
  }

  private static OptionalInt size(JobConfig.Network network, ToIntFunction<InputSize> side) {
    return network.inputSize().stream().mapToInt(side).findFirst();
  }
}
