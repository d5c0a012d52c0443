package io.pare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A failure and what caused it, from the outside in: libraries wrap what says the reason.
 * Immutable.
 */
public final class Causes {
  /** Of a chain that leads back to itself there is no end. */
  private static final int DEEPEST = 100;

  private final List<Throwable> all;

  private Causes(List<Throwable> all) {
    this.all = all;
  }

  /** The causes of a failure, which is the first of them. */
  public static Causes of(Throwable failure) {
    return new Causes(
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEEPEST).toList());
  }

  /** All of them. */
  public Stream<Throwable> stream() {
    return all.stream();
  }

  /** The outermost of a type. */
  public <E extends Throwable> Optional<E> first(Class<E> type) {
    return stream().filter(type::isInstance).map(type::cast).findFirst();
  }
}
