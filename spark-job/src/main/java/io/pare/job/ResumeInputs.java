package io.pare.job;

import io.pare.io.checkpoint.RecordHash;
import io.pare.model.Layer;
import io.pare.model.inference.InferenceSessions;
import io.pare.stage.LayerGroups;
import io.pare.stage.PreparedImages;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that each finished part of a run depends on: runs in which it is equal may go on from each
 * other's checkpoints.
 *
 * @param version of the program and of what it runs on, each as a line
 * @param network hash of the network as it is compressed
 * @param images hash of the pixels
 * @param layers that may change, in order
 * @param settings each as a line
 */
record ResumeInputs(
    List<String> version,
    String network,
    String images,
    List<String> layers,
    List<String> settings) {

  /**
   * Keys that no checkpoint depends on, or only through what its own key says: what is to become of
   * the candidates, and where everything is. Any other key counts, new ones included.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "model",
          "images",
          "validation",
          "labels",
          "synsets",
          "output",
          "if-exists",
          "resume",
          "lock-timeout",
          "target",
          "mode",
          "compare",
          "forms",
          "layers",
          "refuse-slower",
          "rounds",
          "max-bad-images",
          "pixel-limit");

  static ResumeInputs of(
      SourceNetwork source, PreparedImages images, LayerGroups groups, JobConfig config) {
    Map<String, String> version = Version.platform();
    version.put("pare", Version.text());
    Map<String, String> settings = new TreeMap<>(config.effective());
    settings.keySet().removeAll(ELSEWHERE);
    return new ResumeInputs(
        lines(version),
        InferenceSessions.sha256(source.folded().toBytes()),
        images.fingerprint(),
        groups.layers().stream().map(Layer::name).toList(),
        lines(settings));
  }

  private static List<String> lines(Map<String, String> entries) {
    return entries.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).toList();
  }

  /** A short name of it. */
  String hash() {
    return RecordHash.of(this);
  }
}
