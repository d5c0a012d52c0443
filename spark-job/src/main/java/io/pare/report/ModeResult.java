package io.pare.report;

import io.pare.report.json.Missing;
import java.util.Locale;
import java.util.Optional;

/**
 * One network of a comparison: what one way of compressing gives at one target.
 *
 * @param mode way of compressing: {@code svd}, {@code whitened}, {@code prune}, {@code
 *     low-rank-relu}, {@code full}
 * @param target as configured
 * @param weights of all convolutions and fully connected layers, biases not counted
 * @param macs multiply-accumulates of these layers for one image
 * @param bytes length of the file
 * @param accuracy on the validation images, where there were any
 * @param publishable whether it is the network, or one, that may be published; not so the modes
 *     that are there to compare with
 */
public record ModeResult(
    String mode,
    String target,
    long weights,
    long macs,
    long bytes,
    Optional<Accuracy> accuracy,
    boolean publishable) {

  public ModeResult {
    Missing.refuse(mode, target);
  }

  /** What there is to say of it in one line. */
  public String line() {
    String size = "%d weights, %d MACs, %d bytes".formatted(weights, macs, bytes);
    return accuracy
        .map(of -> String.format(Locale.ROOT, "%s, top-1 %.2f %%", size, 100 * of.top1Rate()))
        .orElse(size);
  }
}
