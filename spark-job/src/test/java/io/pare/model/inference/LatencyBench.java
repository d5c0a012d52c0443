package io.pare.model.inference;

import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.BenchFigures;
import io.pare.testing.SharedMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Time of compressed networks in ONNX Runtime against that of the originals, in turns. The networks
 * are those that {@code submit-scripts/accuracy-table.sh} publishes.
 */
class LatencyBench {

  @ParameterizedTest
  @CsvSource({
    "vgg16-cifar10, vgg16/full-params-4.9, 224",
    "squeezenet1.1, squeezenet/full-params-1.5, 224",
    "resnet20-cifar10, resnet20/full-params-2.0, 32"
  })
  void compressedAgainstOriginal(String name, String compressed, int side) throws Exception {
    Path file =
        Path.of(System.getProperty("pare.accuracy", "../target/accuracy"), compressed + ".onnx");
    Assumptions.assumeTrue(
        Files.exists(file), file + " is not there: run submit-scripts/accuracy-table.sh first");
    OnnxNetwork before = read(SharedMaterial.require("models/" + name + ".onnx"), side);
    OnnxNetwork after = read(file, side);
    InputShape image = before.inputShape(OptionalInt.of(side), OptionalInt.of(side));
    for (int threads : new int[] {1, 2}) {
      for (int batch : new int[] {1, 16}) {
        long[] dims = image.batch(batch);
        Latency latency =
            NetworkTimer.compare(before, after, dims, threads, new Repeats(2, batch == 1 ? 15 : 5));
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("before ms", latency.beforeMilliseconds());
        parts.put("after ms", latency.afterMilliseconds());
        BenchFigures.add(
            "latency",
            "%s, threads %d, batch %d, before / after".formatted(compressed, threads, batch),
            latency.beforeMilliseconds() / latency.afterMilliseconds(),
            parts);
      }
    }
  }

  private static OnnxNetwork read(Path file, int side) throws Exception {
    return ModelReader.read(file.toString(), Files.readAllBytes(file), ExternalData.none())
        .forSize(side, side);
  }
}
