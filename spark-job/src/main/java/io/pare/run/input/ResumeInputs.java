package io.pare.run.input;

import io.pare.config.JobConfig;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.Layer;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.layers.LayerGroups;
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
public record ResumeInputs(
    List<String> version,
    String network,
    String images,
    List<String> layers,
    List<String> settings) {

  /**
   * Keys that no checkpoint depends on, or only through what its own key says, beside those that
   * say where everything is: what is to become of the candidates. Any other key counts, new ones
   * included.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "label-offset",
          "target",
          "mode",
          "compare",
          "forms",
          "layers",
          "refuse-slower",
          "recover",
          "recover-share",
          "precision",
          "recover-temperature",
          "recover-features",
          "recover-weight-decay",
          "recover-local-steps",
          "rounds",
          "max-bad-images",
          "pixel-limit");

  public static ResumeInputs of(
      SourceNetwork source, PreparedImages images, LayerGroups groups, JobConfig config) {
    Map<String, String> settings = new TreeMap<>(config.effective());
    settings.keySet().removeAll(ELSEWHERE);
    settings.keySet().removeAll(Recipe.PLACES);
    return new ResumeInputs(
        Version.lines(),
        source.folded().sha256(),
        images.fingerprint(),
        groups.layers().stream().map(Layer::name).toList(),
        Recipe.lines(settings));
  }

  /** A short name of it. */
  public String hash() {
    return RecordHash.of(this);
  }
}
