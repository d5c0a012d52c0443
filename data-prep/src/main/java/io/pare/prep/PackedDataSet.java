package io.pare.prep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.ResultManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A directory held against the summary of the packed data set in it.
 *
 * @param files of the file system
 * @param output directory that may hold a data set
 * @param data where its files are: the same, or a folder in it that its manifest leads to
 */
record PackedDataSet(FileContext files, Path output, Path data) {
  private static final int NAMED = 5;

  /** What is at an output. */
  static PackedDataSet of(FileContext files, Path output) throws IOException {
    Path data =
        ResultManifest.read(() -> files.open(new Path(output, ResultManifest.NAME)))
            .flatMap(ResultManifest::folder)
            .map(folder -> new Path(output, folder))
            .orElse(output);
    return new PackedDataSet(files, output, data);
  }

  /** Whether a data set is there. */
  boolean isComplete() throws IOException {
    return listed().isPresent() && files.util().exists(new Path(output, ResultManifest.NAME));
  }

  /**
   * A data set that is replaced is removed: makes sure that what it does not list itself does not
   * go with it.
   *
   * @throws InputException if there is no data set, or something else beside it
   */
  void requireReplaceable() throws IOException {
    if (!isComplete()) {
      throw InputException.usage(
          "--output = %s holds no packed data set and is not replaced; remove it or choose another path"
              .formatted(output));
    }
    List<String> foreign = foreign();
    if (!foreign.isEmpty()) {
      throw InputException.usage(
          "--output = %s holds %d files or folders that are no part of its data set: %s; move them away or choose another path"
              .formatted(
                  output,
                  foreign.size(),
                  String.join(", ", foreign.subList(0, Math.min(NAMED, foreign.size())))));
    }
  }

  /** What is there and no part of the data set: names in their order. */
  private List<String> foreign() throws IOException {
    List<String> foreign = foreign(data, listed().orElse(Set.of()));
    if (!data.equals(output)) {
      foreign.addAll(foreign(output, Set.of()));
      foreign.removeIf(name -> name.startsWith(ResultManifest.FOLDER));
    }
    return foreign.stream().sorted().toList();
  }

  private List<String> foreign(Path place, Set<String> listed) throws IOException {
    List<String> foreign = new ArrayList<>();
    for (FileStatus entry : HadoopPaths.entries(files, place)) {
      String name = entry.getPath().getName();
      boolean own =
          entry.isFile()
              && (listed.contains(name)
                  || name.equals(DataSetDirectory.SUMMARY)
                  || name.equals(ResultManifest.NAME));
      if (!own) {
        foreign.add(name);
      }
    }
    return foreign;
  }

  /** The files that the summary lists; empty where there is no summary. */
  Optional<Set<String>> listed() throws IOException {
    try (InputStream in = files.open(new Path(data, DataSetDirectory.SUMMARY))) {
      JsonNode shards = new ObjectMapper().readTree(in).path("files");
      Set<String> names = new HashSet<>();
      shards.forEach(shard -> names.add(shard.path("name").asText()));
      return shards.isArray() ? Optional.of(names) : Optional.empty();
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
