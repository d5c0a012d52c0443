package io.pare.job;

import io.pare.io.HadoopExternalData;
import io.pare.io.HadoopFiles;
import io.pare.model.InputShape;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.BatchNormalizationFolding;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * The network to compress, as read and as prepared.
 *
 * @param name file name, for messages and the report
 * @param sha256 of the file
 * @param fileBytes length of the file, external data not counted
 * @param original as read
 * @param folded with BatchNormalization folded into the convolutions before it
 * @param input shape of one image
 * @param layers of the folded network, measured on that shape
 */
record SourceNetwork(
    String name,
    String sha256,
    long fileBytes,
    OnnxNetwork original,
    OnnxNetwork folded,
    InputShape input,
    NetworkLayers layers) {

  /**
   * Reads and validates a network.
   *
   * @throws io.pare.InputException when it is missing or invalid
   */
  static SourceNetwork read(JobConfig.Network config) {
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    HadoopFiles files = new HadoopFiles(hadoop);
    byte[] bytes = files.readAll(config.model(), Integer.MAX_VALUE - 8);
    HadoopExternalData external = new HadoopExternalData(hadoop, config.model());
    OnnxNetwork original = ModelReader.read(config.model(), bytes, external::readRange);
    OnnxNetwork folded = BatchNormalizationFolding.fold(original);
    InputShape input =
        folded.inputShape(
            config.inputSize().map(s -> OptionalInt.of(s.height())).orElse(OptionalInt.empty()),
            config.inputSize().map(s -> OptionalInt.of(s.width())).orElse(OptionalInt.empty()));
    return new SourceNetwork(
        config.model(),
        InferenceSessions.sha256(bytes),
        bytes.length,
        original,
        folded,
        input,
        NetworkLayers.of(folded, ShapeMeasurement.of(folded, input)));
  }
}
