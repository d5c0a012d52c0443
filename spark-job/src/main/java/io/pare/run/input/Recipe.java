package io.pare.run.input;

import io.pare.config.JobConfig;
import io.pare.io.TreeStamp;
import io.pare.io.checkpoint.RecordHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * All that a result depends on: where it is equal, a result that is there need not be made again.
 * Data sets count by the names, lengths and times of their files, which need not be read for it.
 *
 * @param version of the program and of what it runs on, each as a line
 * @param network hash of the network with its external data
 * @param data that is read: images, labels and class names
 * @param settings each as a line
 */
public record Recipe(
    List<String> version, String network, List<TreeStamp> data, List<String> settings) {

  /** Keys that say where something is, or how the work is done, and not what comes out. */
  static final Set<String> PLACES =
      Set.of(
          "model",
          "images",
          "validation",
          "labels",
          "synsets",
          "output",
          "if-exists",
          "resume",
          "license",
          "base-model",
          "lock-timeout",
          "trial-seconds",
          "zoo-at-once",
          "zoo-attempts");

  public static Recipe of(SourceNetwork source, JobConfig config, Configuration hadoop) {
    Map<String, String> settings = new TreeMap<>(config.effective());
    settings.keySet().removeAll(PLACES);
    settings.put("preprocessing", source.preprocessing().canonical());
    JobConfig.Validation validation = config.validation();
    List<TreeStamp> data = new ArrayList<>();
    data.add(TreeStamp.of(config.calibration().images(), hadoop));
    Stream.of(validation.images(), validation.labels(), validation.synsets())
        .map(path -> path.map(there -> TreeStamp.of(there, hadoop)))
        .map(stamp -> stamp.orElse(new TreeStamp(List.of())))
        .forEach(data::add);
    return new Recipe(Version.lines(), source.original().sha256(), data, lines(settings));
  }

  static List<String> lines(Map<String, String> entries) {
    return entries.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).toList();
  }

  /** A short name of it. */
  public String hash() {
    return RecordHash.of(this);
  }
}
