package io.pare.io.checkpoint;

import io.pare.io.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A short name for the content of a record, the same in every process. */
public final class RecordHash {
  private RecordHash() {}

  /** SHA-256 of the record's types and values, in lower-case hexadecimal. */
  public static String of(Record value) {
    MessageDigest digest = Sha256.digest();
    try (DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      out.write(RecordSchema.text(value.getClass()).getBytes(StandardCharsets.UTF_8));
      RecordFormat.write(out, value.getClass(), value);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written", e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
