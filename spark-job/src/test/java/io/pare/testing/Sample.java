package io.pare.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The project's own sample network and images, with settings that make a quick job. */
public final class Sample {
  /** Top-1 share of the 1,000 validation images that was measured when the sample was made. */
  public static final double TOP1 = 0.928;

  private static final Path FOLDER = Path.of("..", "data-prep", "sample").toAbsolutePath();

  private Sample() {}

  /** A file of the sample, as a Hadoop path. */
  public static String file(String name) {
    return FOLDER.resolve(name).normalize().toUri().toString();
  }

  /** A file of the sample on this machine. */
  public static Path path(String name) {
    return FOLDER.resolve(name).normalize();
  }

  /** The keys of a compression to one half of the weights, on few images and samples. */
  public static Map<String, String> compression(String output) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("model", file("model.onnx"));
    keys.put("images", file("calibration.parquet"));
    keys.put("validation", file("validation.parquet"));
    keys.put("preprocessing", "torchvision,resize=none,crop=none,mean=0.5,std=0.5");
    keys.put("target", "params=2.0");
    keys.put("calibration-images", "300");
    keys.put("samples-per-column", "5");
    keys.put("forms", "low-rank-channel,low-rank-spatial,kept-inputs");
    keys.put("output", output);
    return keys;
  }

  /** Arguments of the quickest compression to one half of the weights. */
  public static List<String> quickest(String output) {
    Map<String, String> keys = compression(output);
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    List<String> arguments = new ArrayList<>(List.of("compress"));
    keys.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    return arguments;
  }
}
