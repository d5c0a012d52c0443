package io.pare.run.progress;

import io.pare.report.Warning;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what a job warns of: each once, in the order in which it was noticed. Thread-safe. */
public final class Warnings {
  private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);

  private final Set<Warning> warnings = new LinkedHashSet<>();

  /** Adds a warning and logs it. */
  public synchronized void add(Warning.Code code, String text, String place) {
    Warning warning = Warning.of(code, text, place);
    if (warnings.add(warning)) {
      LOG.warn("{}", warning.line());
    }
  }

  /** All that were added. */
  public synchronized List<Warning> all() {
    return List.copyOf(warnings);
  }

  /** Logs all of them together, for who reads the end of a log. */
  public void summarise() {
    List<Warning> all = all();
    if (!all.isEmpty()) {
      LOG.warn("the run has {} warnings:", all.size());
      all.forEach(warning -> LOG.warn("  {}", warning.line()));
    }
  }
}
