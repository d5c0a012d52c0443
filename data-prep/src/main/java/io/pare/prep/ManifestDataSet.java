package io.pare.prep;

import io.pare.io.HadoopPaths;
import io.pare.io.ResultManifest;
import io.pare.io.Sha256;
import io.pare.io.StoredObjects;
import io.pare.io.StoredObjects.Seen;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;

/**
 * Where no directory is renamed: the files are written into a folder of the run's own, and the
 * manifest {@code _SUCCESS}, which leads there, is made where there is none or replaces the one
 * that this run has found.
 */
final class ManifestDataSet implements DataSetDirectory {
  private final FileContext files;
  private final StoredObjects objects;
  private final Path output;
  private final String runId;
  private final Path own;
  private final Path manifest;
  private Optional<Seen> found = Optional.empty();
  private boolean published;

  private ManifestDataSet(FileContext files, StoredObjects objects, Path output, String runId) {
    this.files = files;
    this.objects = objects;
    this.output = output;
    this.runId = runId;
    this.own = new Path(output, ResultManifest.FOLDER + runId);
    this.manifest = new Path(output, ResultManifest.NAME);
  }

  static ManifestDataSet of(
      FileContext files, Path output, String runId, Configuration configuration)
      throws IOException {
    return new ManifestDataSet(files, StoredObjects.of(output, configuration), output, runId);
  }

  @Override
  public void prepare(Overwrite overwrite) throws IOException {
    found = objects.read(manifest);
    boolean others =
        children().stream().anyMatch(child -> !child.getName().startsWith(ResultManifest.FOLDER));
    if (others) {
      overwrite.requireReplaceable(files, output);
    }
  }

  private List<Path> children() throws IOException {
    try {
      return HadoopPaths.entries(files, output).stream().map(FileStatus::getPath).toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  @Override
  public String staging() {
    return own.toString();
  }

  @Override
  public void publish(List<ShardResult> shards, String summary) throws IOException {
    if (!objects.read(manifest).equals(found)) {
      throw DataSetDirectory.publishedByAnother(output);
    }
    DataSetDirectory.requireWhole(files, own, shards);
    byte[] bytes = summary.getBytes(StandardCharsets.UTF_8);
    try (FSDataOutputStream out =
        files.create(
            new Path(own, SUMMARY),
            EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
            CreateOpts.createParent())) {
      out.write(bytes);
    }
    List<Path> replaced = replaced();
    String text = new ResultManifest(runId, Sha256.hash(bytes), Optional.of(own.getName())).text();
    published =
        found.isPresent()
            ? objects.replace(manifest, text, found.get())
            : objects.create(manifest, text);
    if (!published) {
      throw DataSetDirectory.publishedByAnother(output);
    }
    for (Path path : replaced) {
      files.delete(path, true);
    }
  }

  /** What goes once this run has published: folders of other runs, and files of an old data set. */
  private List<Path> replaced() throws IOException {
    PackedDataSet old = PackedDataSet.of(files, output);
    Set<String> listed = old.data().equals(output) ? old.listed().orElse(Set.of()) : Set.of();
    return children().stream()
        .filter(
            child ->
                listed.contains(child.getName())
                    || child.getName().equals(SUMMARY)
                    || child.getName().startsWith(ResultManifest.FOLDER))
        .filter(child -> !child.equals(own))
        .toList();
  }

  @Override
  public void discard() throws IOException {
    // A put whose answer was lost has published all the same.
    boolean stands = published || PackedDataSet.of(files, output).data().equals(own);
    if (!stands && files.util().exists(own)) {
      files.delete(own, true);
    }
  }
}
