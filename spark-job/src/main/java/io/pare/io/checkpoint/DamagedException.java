package io.pare.io.checkpoint;

import java.io.IOException;

/** A checkpoint that is not what was written, or not what is asked for. */
final class DamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedException(String message) {
    super(message);
  }
}
