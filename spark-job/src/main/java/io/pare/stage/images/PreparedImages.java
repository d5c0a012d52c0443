package io.pare.stage.images;

import io.pare.InputException;
import io.pare.io.checkpoint.RecordHash;
import io.pare.io.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;

/**
 * Images ready for inference, held on the executors.
 *
 * @param blocks in the order of the data set
 * @param count good images
 * @param bad images left out, by id
 * @param skipped names of images in archives that are no regular files, such as links
 * @param preprocessing whose first half has been applied
 */
public record PreparedImages(
    JavaRDD<PreparedBlock> blocks,
    long count,
    List<BadImage> bad,
    List<String> skipped,
    Preprocessing preprocessing) {
  private static final int NAMED = 5;

  /**
   * Refuses a data set with too many bad images.
   *
   * @param limit share of all images, one is always allowed
   * @throws InputException naming the first of them
   */
  public void requireGood(String location, double limit) {
    long total = count + bad.size();
    long allowed = allowedBad(limit);
    if (bad.size() > allowed || count == 0) {
      String first =
          bad.stream()
              .limit(NAMED)
              .map(image -> image.name() + " (" + image.reason() + ")")
              .collect(Collectors.joining(", "));
      throw InputException.data(
          "%s: %d of %d images are bad, %d are allowed; the first are %s; mend them or raise max-bad-images"
              .formatted(location, bad.size(), total, allowed, first));
    }
  }

  /**
   * How many bad images are tolerated.
   *
   * @param limit share of all images, one is always allowed
   */
  public long allowedBad(double limit) {
    return Math.max(1, (long) Math.floor(limit * (count + bad.size())));
  }

  /**
   * The others, without a copy, which hold only as long as these are.
   *
   * @param ids of good images that are bad for another reason
   */
  public PreparedImages without(Set<Long> ids, String reason) {
    if (ids.isEmpty()) {
      return this;
    }
    List<BadImage> all = new ArrayList<>(bad);
    ids.forEach(id -> all.add(new BadImage(id, "number " + (id + 1) + " of those used", reason)));
    return new PreparedImages(
        blocks.map(new LeaveOut(ids)), count - ids.size(), all, skipped, preprocessing);
  }

  /** The same pixels for a network that turns them into other numbers. */
  public PreparedImages with(Preprocessing other) {
    return new PreparedImages(blocks, count, bad, skipped, other);
  }

  /** Those that fits do not see, without a copy. */
  public PreparedImages heldOut(HeldOut which) {
    return new PreparedImages(
        blocks.map(new KeepHeldOut(which)), count, List.of(), List.of(), preprocessing);
  }

  /** Hash of every pixel and label, the same for any number of executors. */
  public String fingerprint() {
    blocks.context().setJobDescription("hash the pixels of " + count + " images");
    List<PreparedBlock.Fingerprint> parts =
        new ArrayList<>(blocks.map(PreparedBlock::fingerprint).collect());
    parts.sort(Comparator.comparingInt(PreparedBlock.Fingerprint::block));
    return RecordHash.of(new Fingerprints(parts, preprocessing.toString()));
  }

  private record Fingerprints(List<PreparedBlock.Fingerprint> blocks, String preprocessing) {}

  /** Frees the executors' memory. */
  public void release() {
    blocks.unpersist();
  }

  private static final class KeepHeldOut implements Function<PreparedBlock, PreparedBlock> {
    private static final long serialVersionUID = 1L;
    private final HeldOut which;

    KeepHeldOut(HeldOut which) {
      this.which = which;
    }

    @Override
    public PreparedBlock call(PreparedBlock block) {
      return block.only(image -> which.contains(image.id()));
    }
  }

  private static final class LeaveOut implements Function<PreparedBlock, PreparedBlock> {
    private static final long serialVersionUID = 1L;
    private final TreeSet<Long> ids;

    LeaveOut(Set<Long> ids) {
      this.ids = new TreeSet<>(ids);
    }

    @Override
    public PreparedBlock call(PreparedBlock block) {
      return new PreparedBlock(
          block.index(),
          block.images().stream().filter(image -> !ids.contains(image.id())).toList(),
          block.bad());
    }
  }
}
