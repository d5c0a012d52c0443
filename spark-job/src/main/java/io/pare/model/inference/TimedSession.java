package io.pare.model.inference;

import ai.onnxruntime.OnnxTensor;
import io.pare.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A network with one batch of zeros in place, to be run again and again: neither the copy of the
 * input nor that of the outputs is part of its time. Not thread-safe.
 */
final class TimedSession implements AutoCloseable {
  private final InferenceSession session;
  private final OnnxTensor batch;

  private TimedSession(InferenceSession session, OnnxTensor batch) {
    this.session = session;
    this.batch = batch;
  }

  /**
   * Loads a network for timing, with all optimisations.
   *
   * @param dims of its input, images first
   * @throws InputException if ONNX Runtime cannot run it, with its reason
   */
  static TimedSession open(byte[] model, long[] dims, int threads) {
    InferenceSession session = InferenceSession.open(model, threads);
    try {
      return new TimedSession(session, session.zeros(dims));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** The time of one run in nanoseconds. */
  private long nanoseconds() {
    return session.nanoseconds(batch);
  }

  /**
   * The median times of sessions that take turns: whatever else the machine does meets all of them.
   *
   * @return milliseconds of one run, in the order of the sessions
   */
  private static double[] medianMilliseconds(List<TimedSession> sessions, Repeats repeats) {
    for (TimedSession session : sessions) {
      for (int i = 0; i < repeats.warmUps(); i++) {
        session.nanoseconds();
      }
    }
    double[][] times = new double[sessions.size()][repeats.rounds()];
    for (int round = 0; round < repeats.rounds(); round++) {
      for (int s = 0; s < times.length; s++) {
        times[s][round] = sessions.get(s).nanoseconds() / 1e6;
      }
    }
    return Arrays.stream(times).mapToDouble(TimedSession::median).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Opens sessions, uses them and closes all of them, whatever happens. */
  static double[] measure(List<Supplier<TimedSession>> openers, Repeats repeats) {
    List<TimedSession> open = new ArrayList<>();
    try {
      openers.forEach(opener -> open.add(opener.get()));
      return medianMilliseconds(open, repeats);
    } finally {
      open.forEach(TimedSession::close);
    }
  }

  @Override
  public void close() {
    batch.close();
    session.close();
  }
}
