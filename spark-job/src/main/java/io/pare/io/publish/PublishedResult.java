package io.pare.io.publish;

import java.util.Map;

/**
 * What stands at an output path.
 *
 * @param path in full, with scheme and authority
 * @param sha256 of each file in lower-case hexadecimal, by name
 */
public record PublishedResult(String path, Map<String, String> sha256) {

  public PublishedResult {
    sha256 = Map.copyOf(sha256);
  }
}
