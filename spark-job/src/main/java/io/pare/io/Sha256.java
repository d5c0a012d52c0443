package io.pare.io;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash that guards and names files. Stateless. */
public final class Sha256 {
  /** Bytes of a hash. */
  public static final int BYTES = 32;

  private Sha256() {}

  /** A new digest. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
