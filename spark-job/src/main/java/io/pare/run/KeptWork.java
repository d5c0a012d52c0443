package io.pare.run;

import io.pare.io.publish.ResultPublisher;
import java.util.function.Supplier;

/** Goes along with what ended a run: where the parts are that the next one need not compute. */
final class KeptWork extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private KeptWork(String folder) {
    super(
        "finished parts are kept in %s for the next run; pare clean removes them".formatted(folder),
        null,
        false,
        false);
  }

  /** Runs work of a publisher's run; what ends it tells where the finished parts are. */
  static <T> T toldBy(ResultPublisher publisher, Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      publisher.kept().map(KeptWork::new).ifPresent(e::addSuppressed);
      throw e;
    }
  }
}
