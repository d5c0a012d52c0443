package io.pare.report;

import io.pare.report.json.Missing;
import java.util.List;
import java.util.Optional;

/**
 * How the compressed network learned the original's outputs again.
 *
 * @param used whether the published network is one that learned
 * @param rate largest rate of the steps
 * @param images that it learned from
 * @param points the start first
 * @param blend what is published where that came nearer to the original than every point
 * @param remarks what was left out, in words
 */
public record RecoveryResult(
    boolean used,
    double rate,
    int images,
    List<Point> points,
    Optional<Blend> blend,
    List<String> remarks) {

  public RecoveryResult {
    points = Missing.orEmpty(points);
    remarks = Missing.orEmpty(remarks);
  }

  /**
   * The network after some steps.
   *
   * @param step number of steps done
   * @param loss mean on the images it learned from since the point before; none at the start
   * @param divergence of the outputs on held-out images: mean, in nats, of scores, the relative
   *     squared error of values, added up
   * @param agreement share of held-out images with the original's first class, of positions where
   *     outputs have several; none where no output is scores
   */
  public record Point(
      int step, Optional<Double> loss, double divergence, Optional<Double> agreement) {

    public Point {
      loss = Missing.unlessFinite(loss);
      agreement = Missing.unlessFinite(agreement);
    }
  }

  /**
   * The network whose weights lie on the line from those at the start to those after all steps.
   *
   * @param share of the way, above 0 and below 1
   * @param divergence as of a point
   * @param agreement likewise
   */
  public record Blend(double share, double divergence, Optional<Double> agreement) {

    public Blend {
      agreement = Missing.unlessFinite(agreement);
    }
  }
}
