package io.pare.io.checkpoint;

import io.pare.io.Sha256;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * One checkpoint as bytes: a line that names the format, the hash of the record types, the key
 * behind its length, the record, and the SHA-256 of all before it.
 *
 * @param key that the file is for
 * @param type of the record in it
 */
record CheckpointFile<R extends Record>(CheckpointKey key, Class<R> type) {
  private static final byte[] FORMAT = "PARE checkpoint 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 1 << 16;

  private byte[] head() {
    byte[] text = key.text().getBytes(StandardCharsets.UTF_8);
    byte[] schema =
        Sha256.digest().digest(RecordSchema.text(type).getBytes(StandardCharsets.UTF_8));
    return java.nio.ByteBuffer.allocate(FORMAT.length + schema.length + Integer.BYTES + text.length)
        .put(FORMAT)
        .put(schema)
        .putInt(text.length)
        .put(text)
        .array();
  }

  /** Writes all of it and closes the stream. */
  void write(OutputStream file, Record value) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (OutputStream buffered = new BufferedOutputStream(file, BUFFER)) {
      DataOutputStream out = new DataOutputStream(new DigestOutputStream(buffered, digest));
      out.write(head());
      RecordFormat.write(out, type, value);
      out.flush();
      buffered.write(digest.digest());
    }
  }

  /**
   * Reads all of it and closes the stream.
   *
   * @throws DamagedException if the hash at its end is not that of what precedes it
   */
  void verify(InputStream file, long length) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = file) {
      long body = length - Sha256.BYTES;
      byte[] chunk = new byte[BUFFER];
      while (body > 0) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, body));
        if (count < 0) {
          throw new DamagedException("it is shorter than its length");
        }
        digest.update(chunk, 0, count);
        body -= count;
      }
      if (body < 0 || !Arrays.equals(digest.digest(), in.readNBytes(Sha256.BYTES))) {
        throw new DamagedException("its hash differs from its content");
      }
    }
  }

  /**
   * Reads the record and closes the stream.
   *
   * @param length of the file
   * @throws DamagedException if it is for another key or of other types
   */
  R read(InputStream file, long length) throws IOException {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(file, BUFFER))) {
      byte[] head = head();
      if (!Arrays.equals(head, in.readNBytes(head.length))) {
        throw new DamagedException("it was made from something else or by another version");
      }
      R value = type.cast(RecordFormat.read(in, type, length));
      if (in.readNBytes(Sha256.BYTES + 1).length != Sha256.BYTES) {
        throw new DamagedException("it does not end where it should");
      }
      return value;
    } catch (EOFException e) {
      // Without its cause: an end of file elsewhere means that the file system is away.
      throw new DamagedException("it ends too early");
    }
  }
}
