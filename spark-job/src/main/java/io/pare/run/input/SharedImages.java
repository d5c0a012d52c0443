package io.pare.run.input;

import io.pare.io.preprocessing.Geometry;
import io.pare.io.source.SourceOptions;
import io.pare.stage.images.PreparedImages;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Prepared images that the networks of an application share: decoded and resized once for all that
 * see the same pixels. They are held on the executors until nobody uses them any more, and longer
 * while somebody is still {@linkplain #expect expected} who will read the same data set. Safe for
 * use by several threads.
 */
public final class SharedImages {
  private final Map<Pixels, Held> held = new HashMap<>();
  private final Map<String, Integer> expected = new HashMap<>();

  /**
   * What decides the pixels and labels.
   *
   * @param location of the data set
   * @param options that its labels are read with
   * @param limit images that are used; 0: all
   * @param labelOffset added to each label
   * @param geometry that they are resized with
   * @param pixelLimit largest image
   * @param maxBadImages share of bad images that is tolerated
   */
  record Pixels(
      String location,
      SourceOptions options,
      long limit,
      int labelOffset,
      Geometry geometry,
      long pixelLimit,
      double maxBadImages) {}

  /** Somebody will read a data set, until {@link #done}. */
  public synchronized void expect(String location) {
    expected.merge(location, 1, Integer::sum);
  }

  /** One of those expected needs the data set no more. */
  public synchronized void done(String location) {
    expected.merge(location, -1, Integer::sum);
    free();
  }

  /**
   * The images, prepared by the first who asks while others wait.
   *
   * @param prepare called unless they are there; where it fails, the next who asks tries again
   * @return what {@link #release} takes
   */
  PreparedImages use(Pixels pixels, Supplier<PreparedImages> prepare) {
    Held images;
    synchronized (this) {
      images = held.computeIfAbsent(pixels, absent -> new Held());
      images.users++;
    }
    try {
      return images.prepared(prepare);
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      release(images);
      throw e;
    }
  }

  /** Somebody needs images no more that {@link #use} gave. */
  synchronized void release(PreparedImages images) {
    held.values().stream().filter(each -> each.holds(images)).findFirst().ifPresent(this::release);
  }

  private synchronized void release(Held images) {
    images.users--;
    free();
  }

  private void free() {
    Iterator<Map.Entry<Pixels, Held>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Pixels, Held> each = all.next();
      boolean needed = expected.getOrDefault(each.getKey().location(), 0) > 0;
      if (each.getValue().users == 0 && !needed) {
        each.getValue().images.ifPresent(PreparedImages::release);
        all.remove();
      }
    }
  }

  private static final class Held {
    private volatile Optional<PreparedImages> images = Optional.empty();
    private int users;

    synchronized PreparedImages prepared(Supplier<PreparedImages> prepare) {
      if (images.isEmpty()) {
        images = Optional.of(prepare.get());
      }
      return images.get();
    }

    boolean holds(PreparedImages other) {
      return images.filter(mine -> mine.blocks().id() == other.blocks().id()).isPresent();
    }
  }
}
