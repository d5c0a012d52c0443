package io.pare.run.progress;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * A stream that knows when something was last written, and on a terminal keeps one live line below
 * what is written: the line goes before anything else comes. Thread-safe.
 */
final class WatchedStream extends OutputStream {
  /** The cursor goes to the start of its row, and the row is cleared. */
  private static final byte[] CLEAR = "\r\u001b[K".getBytes(StandardCharsets.US_ASCII);

  private final Screen screen;
  private final PrintStream under;

  /** What several streams to one terminal have in common. */
  static final class Screen {
    private final LongSupplier nanos;
    private boolean lineIsShown;
    private long lastWritten;

    /**
     * A screen without a live line.
     *
     * @param nanos the time
     */
    Screen(LongSupplier nanos) {
      this.nanos = nanos;
      lastWritten = nanos.getAsLong();
    }

    /** Nanoseconds since something else than a live line was last written. */
    synchronized long silence() {
      return nanos.getAsLong() - lastWritten;
    }
  }

  WatchedStream(PrintStream under, Screen screen) {
    this.under = under;
    this.screen = screen;
  }

  /** Shows a line in the place of the one before; an empty one leaves nothing behind. */
  void show(String line) {
    synchronized (screen) {
      under.writeBytes(CLEAR);
      // The cursor goes back, so that what others write to the terminal takes the place.
      under.print(line + "\r");
      under.flush();
      screen.lineIsShown = !line.isEmpty();
    }
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    synchronized (screen) {
      if (screen.lineIsShown) {
        under.writeBytes(CLEAR);
        screen.lineIsShown = false;
      }
      under.write(bytes, offset, length);
      screen.lastWritten = screen.nanos.getAsLong();
    }
  }

  @Override
  public void flush() {
    under.flush();
  }
}
