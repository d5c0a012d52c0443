package io.pare.prep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A directory held against the summary of the packed data set in it.
 *
 * @param files of the file system
 * @param directory that may hold a data set
 */
record PackedDataSet(FileContext files, Path directory) {

  /** Whether a data set is there. */
  boolean isComplete() throws IOException {
    return listed().isPresent()
        && files.util().exists(new Path(directory, DataSetDirectory.SUCCESS));
  }

  /** What is there and no part of the data set: names in their order. */
  List<String> foreign() throws IOException {
    Set<String> listed = listed().orElse(Set.of());
    List<String> foreign = new ArrayList<>();
    RemoteIterator<FileStatus> entries = files.listStatus(directory);
    while (entries.hasNext()) {
      FileStatus entry = entries.next();
      String name = entry.getPath().getName();
      boolean own =
          entry.isFile()
              && (listed.contains(name)
                  || name.equals(DataSetDirectory.SUMMARY)
                  || name.equals(DataSetDirectory.SUCCESS));
      if (!own) {
        foreign.add(name);
      }
    }
    return foreign.stream().sorted().toList();
  }

  /** The files that the summary lists; empty where there is no summary. */
  private Optional<Set<String>> listed() throws IOException {
    try (InputStream in = files.open(new Path(directory, DataSetDirectory.SUMMARY))) {
      JsonNode shards = new ObjectMapper().readTree(in).path("files");
      Set<String> names = new HashSet<>();
      shards.forEach(shard -> names.add(shard.path("name").asText()));
      return shards.isArray() ? Optional.of(names) : Optional.empty();
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
