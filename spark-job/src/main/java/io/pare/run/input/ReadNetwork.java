package io.pare.run.input;

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
import java.util.function.ToIntFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * A network as it is read to be looked at: without Spark, and whatever images it takes.
 *
 * @param path as it was named
 * @param fileBytes length of the file, external data not counted
 * @param original as read
 * @param input shape of one image
 * @param layers of the network with BatchNormalization folded, as before a compression: it would
 *     hide the activation behind it
 * @param outputs that can be compared, which may be none
 */
public record ReadNetwork(
    String path,
    long fileBytes,
    OnnxNetwork original,
    InputShape input,
    NetworkLayers layers,
    NetworkOutputs outputs) {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Reads and validates a network.
   *
   * @throws io.pare.InputException if it cannot be read or is invalid
   */
  public static ReadNetwork of(JobConfig.Network network) {
    Configuration configuration = new Configuration();
    byte[] bytes = new HadoopFiles(configuration).readAll(network.model(), LARGEST_ARRAY);
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
        input,
        NetworkLayers.of(folded, shapes),
        NetworkOutputs.of(folded, shapes, input.layout(), network.outputs()));
  }

  private static OptionalInt size(JobConfig.Network network, ToIntFunction<InputSize> side) {
    return network.inputSize().stream().mapToInt(side).findFirst();
  }
}
