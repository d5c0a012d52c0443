package io.pare.report;

import java.util.Map;

/**
 * What a published directory holds and how it was made: everything that a registry or a later run
 * needs in order to know whether it is up to date.
 *
 * @param run id of the run
 * @param version of Pare
 * @param versions of what it ran on
 * @param source SHA-256 of the original network's file
 * @param files SHA-256 of each published file by name
 * @param bytes length of each published file by name
 * @param configuration effective, key by key
 */
public record Manifest(
    String run,
    String version,
    Map<String, String> versions,
    String source,
    Map<String, String> files,
    Map<String, Long> bytes,
    Map<String, String> configuration) {}
