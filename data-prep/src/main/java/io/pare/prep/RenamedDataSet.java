package io.pare.prep;

import io.pare.InputException;
import io.pare.io.ResultManifest;
import io.pare.io.publish.ResultFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Where a rename is one step: by one of a staging directory beside the output. */
final class RenamedDataSet implements DataSetDirectory {
  private final FileContext files;
  private final Path output;
  private final ResultFolders folders;
  private final Path staging;
  private final Path old;

  RenamedDataSet(FileContext files, Path output, String runId) {
    this.files = files;
    this.output = output;
    this.folders = new ResultFolders(files, "--output", output);
    folders.requirePlace();
    String hidden = "." + output.getName() + ".";
    this.staging = new Path(output.getParent(), hidden + "staging-" + runId);
    this.old = new Path(output.getParent(), hidden + "replaced-" + runId);
  }

  @Override
  public void prepare(Overwrite overwrite) throws IOException {
    if (files.util().exists(output)) {
      overwrite.requireReplaceable(files, output);
    }
    try {
      discard();
      folders.make(new Path(staging, DATA));
      folders.make(new Path(staging, ATTEMPTS));
    } catch (AccessControlException e) {
      throw InputException.usage("--output = " + output + " cannot be written: " + e.getMessage());
    }
  }

  @Override
  public String staging() {
    return staging.toString();
  }

  @Override
  public void publish(List<ShardResult> shards, String summary) throws IOException {
    Path data = new Path(staging, DATA);
    DataSetDirectory.requireWhole(files, data, shards);
    write(new Path(data, SUMMARY), summary);
    write(new Path(data, ResultManifest.NAME), "");
    boolean replaced = files.util().exists(output);
    if (replaced) {
      PackedDataSet.of(files, output).requireReplaceable();
      rename(output, old);
    }
    try {
      rename(data, output);
    } catch (FileAlreadyExistsException e) {
      throw DataSetDirectory.publishedByAnother(output);
    }
    if (replaced) {
      files.delete(old, true);
    }
    discard();
  }

  private void write(Path file, String text) throws IOException {
    try (FSDataOutputStream out =
        files.create(file, EnumSet.of(CreateFlag.CREATE), CreateOpts.donotCreateParent())) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!"file".equals(to.toUri().getScheme())) {
      files.rename(from, to);
      return;
    }
    // Hadoop's local rename copies into a directory that is there; the system's own refuses.
    try {
      Files.move(
          java.nio.file.Path.of(from.toUri().getPath()),
          java.nio.file.Path.of(to.toUri().getPath()),
          StandardCopyOption.ATOMIC_MOVE);
    } catch (java.nio.file.FileSystemException e) {
      if (files.util().exists(to)) {
        throw new FileAlreadyExistsException(to + " exists");
      }
      throw e;
    }
  }

  @Override
  public void discard() throws IOException {
    if (files.util().exists(staging)) {
      files.delete(staging, true);
    }
  }
}
