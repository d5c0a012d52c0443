package io.pare.algorithm.statistics;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value that takes long and may not be needed: it is computed when it is first asked for.
 * Thread-safe.
 *
 * @param <T> the value
 */
final class Lazy<T> {
  private final Supplier<T> how;
  private Optional<T> value = Optional.empty();

  Lazy(Supplier<T> how) {
    this.how = how;
  }

  synchronized T get() {
    if (value.isEmpty()) {
      value = Optional.of(how.get());
    }
    return value.get();
  }
}
