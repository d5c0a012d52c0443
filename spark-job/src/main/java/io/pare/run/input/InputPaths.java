package io.pare.run.input;

import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** What a compression reads: Hadoop paths by the key that names them. Stateless. */
public final class InputPaths {
  private InputPaths() {}

  /**
   * Makes sure, before any of it is read, that all file systems of a compression are known.
   *
   * @param hadoop settings of the application, where there is one
   * @throws io.pare.InputException naming the first path whose is not
   */
  public static void requireKnown(JobConfig config, Configuration hadoop) {
    Map<String, String> paths = of(config);
    paths.put("output", config.output().path());
    new HadoopFiles(hadoop).requireKnown(paths);
  }

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
