package io.pare.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;

/**
 * A small file that readers see whole, old or new: it is written beside its place and renamed onto
 * it. For file systems whose rename replaces a file in one step: HDFS and local disks.
 */
final class WholeFile {
  private final FileContext files;
  private final Path path;

  WholeFile(Configuration configuration, Path path) throws IOException {
    files = HadoopFiles.context(configuration, path.toString());
    this.path = files.makeQualified(path);
  }

  void write(byte[] bytes) throws IOException {
    Path beside = new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID());
    try {
      try (FSDataOutputStream out =
          files.create(beside, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
        out.write(bytes);
        out.hsync();
      }
      replace(beside);
    } finally {
      if (files.util().exists(beside)) {
        files.delete(beside, false);
      }
    }
  }

  /** Hadoop's local file system deletes before it renames; the system's own rename does not. */
  private void replace(Path beside) throws IOException {
    if ("file".equals(path.toUri().getScheme())) {
      Files.move(local(beside), local(path), StandardCopyOption.ATOMIC_MOVE);
    } else {
      files.rename(beside, path, Options.Rename.OVERWRITE);
    }
  }

  private static java.nio.file.Path local(Path file) {
    return java.nio.file.Path.of(file.toUri().getPath());
  }
}
