package io.pare.io;

import io.pare.FullDiskException;
import io.pare.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * A small file that readers see whole, old or new: it is written beside its place and renamed onto
 * it. For file systems whose rename replaces a file in one step: HDFS and local disks.
 */
final class WholeFile {
  private static final String LOCAL = "file";

  private final FileContext files;
  private final Path path;

  WholeFile(Configuration configuration, Path path) throws IOException {
    files = HadoopFiles.context(configuration, path.toString());
    this.path = files.makeQualified(path);
  }

  /** Makes sure that it can be written, by an empty file in the folder it will be made from. */
  void requireWritable(String option) throws IOException {
    if (files.util().exists(path) && files.getFileStatus(path).isDirectory()) {
      throw InputException.usage(
          "%s = %s is a directory: name a file in it".formatted(option, path));
    }
    Path folder = path.getParent();
    while (folder.getParent() != null && !files.util().exists(folder)) {
      folder = folder.getParent();
    }
    Path probe = HadoopPaths.below(folder, beside().getName());
    try {
      if (LOCAL.equals(path.toUri().getScheme())) {
        Files.createFile(local(probe));
      } else {
        files.create(probe, EnumSet.of(CreateFlag.CREATE), CreateOpts.donotCreateParent()).close();
      }
      files.delete(probe, false);
    } catch (InvalidPathException e) {
      throw InputException.usage(
          "%s = %s is no path%s".formatted(option, path, LocalFailure.encoding(path.toString())));
    } catch (FileSystemException | ParentNotDirectoryException | AccessControlException e) {
      throw FullDiskException.of(path.toString(), e)
          .map(RuntimeException.class::cast)
          .orElseGet(
              () ->
                  InputException.usage(
                      "%s = %s cannot be written: %s"
                          .formatted(option, path, LocalFailure.reason(e))));
    }
  }

  private Path beside() {
    return HadoopPaths.below(path.getParent(), "." + path.getName() + "." + UUID.randomUUID());
  }

  void write(byte[] bytes) throws IOException {
    Path beside = beside();
    try {
      try (FSDataOutputStream out =
          files.create(beside, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
        out.write(bytes);
        out.hsync();
      }
      replace(beside);
    } catch (FileNotFoundException e) { // which else says of a missing parent that it is missing
      throw new IOException("it cannot be written: " + e.getMessage(), e);
    } finally {
      if (files.util().exists(beside)) {
        files.delete(beside, false);
      }
    }
  }

  /** Hadoop's local file system deletes before it renames; the system's own rename does not. */
  private void replace(Path beside) throws IOException {
    if (LOCAL.equals(path.toUri().getScheme())) {
      Files.move(local(beside), local(path), StandardCopyOption.ATOMIC_MOVE);
    } else {
      files.rename(beside, path, Options.Rename.OVERWRITE);
    }
  }

  private static java.nio.file.Path local(Path file) {
    return java.nio.file.Path.of(file.toUri().getPath());
  }
}
