package io.pare.stage.recovery;

import java.util.List;
import java.util.Optional;

/**
 * How a network learned, and what came of it.
 *
 * @param model the ONNX file with the best weights; empty where none did better than those that it
 *     started from, or nothing could be trained
 * @param rate largest rate of the steps; 0 where there were none
 * @param images that it learned from
 * @param points the start first
 * @param blend what the model holds where that came nearer to the original than every point
 * @param remarks what was left out, in words
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recovery(
    Optional<byte[]> model,
    double rate,
    int images,
    List<Point> points,
    Optional<Blend> blend,
    List<String> remarks) {

  public Recovery {
    points = List.copyOf(points);
    remarks = List.copyOf(remarks);
  }

  /**
   * The network after some steps.
   *
   * @param step number of steps done
   * @param loss of the images it learned from, the mean since the point before; NaN at the start
   * @param divergence of the outputs from the original's on held-out images: mean, in nats, of
   *     scores, the relative squared error of values, added up
   * @param agreement share of held-out images with the original's first class, of positions where
   *     outputs have several; NaN where no output is scores
   */
  public record Point(int step, double loss, double divergence, double agreement) {}

  /**
   * The network whose weights lie on the line from those at the start to those after all steps.
   *
   * @param share of the way, above 0 and below 1
   * @param divergence as of a point
   * @param agreement likewise
   */
  public record Blend(double share, double divergence, double agreement) {}

  /** Nothing was done. */
  static Recovery none(String reason) {
    return new Recovery(Optional.empty(), 0, 0, List.of(), Optional.empty(), List.of(reason));
  }
}
