package io.pare.run.input;

import io.pare.config.JobConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a compression reads: Hadoop paths by the key that names them. Stateless. */
public final class InputPaths {
  private InputPaths() {}

  /** The paths of a configuration, in the order of its keys. */
  public static Map<String, String> of(JobConfig config) {
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("model", config.network().model());
    paths.put("images", config.calibration().images());
    config.validation().images().ifPresent(path -> paths.put("validation", path));
    config.validation().synsets().ifPresent(path -> paths.put("synsets", path));
    config.validation().labels().ifPresent(path -> paths.put("labels", path));
    ConfigBeside.of(config.network()).ifPresent(file -> paths.put("preprocessing", file.path()));
    return paths;
  }
}
