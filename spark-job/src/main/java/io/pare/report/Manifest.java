package io.pare.report;

import io.pare.report.json.Json;
import java.util.Map;
import java.util.Optional;

/**
 * What a published directory holds and how it was made: everything that a registry or a later run
 * needs in order to know whether it is up to date.
 *
 * @param run id of the run
 * @param version of Pare
 * @param versions of what it ran on
 * @param source SHA-256 of the original network's file
 * @param recipe hash of all that the result depends on; absent from results of old
 * @param files SHA-256 of each published file by name
 * @param bytes length of each published file by name
 * @param configuration effective, key by key
 */
public record Manifest(
    String run,
    String version,
    Map<String, String> versions,
    String source,
    Optional<String> recipe,
    Map<String, String> files,
    Map<String, Long> bytes,
    Map<String, String> configuration) {

  /**
   * Reads a manifest back.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Manifest of(String json) {
    return Json.read(json, Manifest.class);
  }
}
