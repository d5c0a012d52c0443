package io.pare.io.checkpoint;

import io.pare.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What a result was computed from. Equal keys mean equal results; a name in it, such as a layer's,
 * is data and never part of a path.
 *
 * @param inputs hash of all that the result depends on besides the two below: network, images,
 *     configuration, version
 * @param stage that computed it
 * @param part of the stage, such as a layer
 */
public record CheckpointKey(String inputs, String stage, String part) {

  /** All three in one text, each with its length, so that no two keys have one text. */
  String text() {
    return inputs.length()
        + ":"
        + inputs
        + " "
        + stage.length()
        + ":"
        + stage
        + " "
        + part.length()
        + ":"
        + part;
  }

  /** Name of the file: letters and digits. */
  String fileName() {
    MessageDigest digest = Sha256.digest();
    return HexFormat.of().formatHex(digest.digest(text().getBytes(StandardCharsets.UTF_8)));
  }
}
