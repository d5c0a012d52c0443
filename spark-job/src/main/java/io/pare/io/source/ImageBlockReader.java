package io.pare.io.source;

import io.pare.io.HadoopPaths;
import io.pare.io.block.ArchiveBlock;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.FolderBlock;
import io.pare.io.block.ImageBlock;
import io.pare.io.block.ParquetBlock;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Turns blocks into images, on an executor.
 *
 * <p>Keeps the last file open, and of a Parquet file the last row group: one reader for the blocks
 * of a task, asked for in order, reads each byte once. Not thread-safe; close it after use.
 */
public final class ImageBlockReader implements Closeable {
  private final Configuration configuration;
  private Optional<ParquetRowReader> parquet = Optional.empty();
  private Optional<OpenArchive> archive = Optional.empty();

  /** A reader of files on the file systems that {@code configuration} knows. */
  public ImageBlockReader(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * The images of a block in the order of their ids. The bytes are as found: whether they are an
   * image is not looked at.
   *
   * @throws IOException if the file system fails or a file has changed since it was listed; never
   *     because an image is bad
   */
  public List<EncodedImage> read(ImageBlock block) throws IOException {
    if (block instanceof ParquetBlock rows) {
      return readParquet(rows);
    }
    if (block instanceof ArchiveBlock ranges) {
      return readArchive(ranges);
    }
    return readFolder((FolderBlock) block);
  }

  private List<EncodedImage> readParquet(ParquetBlock block) throws IOException {
    if (parquet.isEmpty() || !parquet.get().path().equals(block.path())) {
      close();
      parquet = Optional.of(new ParquetRowReader(block.path(), configuration));
    }
    return parquet.get().read(block);
  }

  private List<EncodedImage> readArchive(ArchiveBlock block) throws IOException {
    if (archive.isEmpty() || !archive.get().path().equals(block.archive())) {
      close();
      archive = Optional.of(new OpenArchive(block.archive(), open(new Path(block.archive()))));
    }
    List<EncodedImage> images = new ArrayList<>(block.count());
    for (int i = 0; i < block.count(); i++) {
      byte[] bytes = new byte[Math.toIntExact(block.lengths()[i])];
      try {
        archive.get().stream().readFully(block.offsets()[i], bytes);
      } catch (EOFException e) {
        throw ended(block.names()[i], block.archive(), e);
      }
      images.add(new EncodedImage(block.firstId() + i, block.names()[i], block.labels()[i], bytes));
    }
    return images;
  }

  private List<EncodedImage> readFolder(FolderBlock block) throws IOException {
    List<EncodedImage> images = new ArrayList<>(block.count());
    Path root = new Path(block.root());
    for (int i = 0; i < block.count(); i++) {
      byte[] bytes = new byte[Math.toIntExact(block.lengths()[i])];
      if (bytes.length == 0) { // bad in any case, and maybe a pipe, which would be waited for
        images.add(
            new EncodedImage(block.firstId() + i, block.names()[i], block.labels()[i], bytes));
        continue;
      }
      try (FSDataInputStream stream = open(HadoopPaths.below(root, block.names()[i]))) {
        stream.readFully(0, bytes);
      } catch (EOFException e) {
        throw ended(block.names()[i], block.root(), e);
      }
      images.add(new EncodedImage(block.firstId() + i, block.names()[i], block.labels()[i], bytes));
    }
    return images;
  }

  private static IOException ended(String name, String place, EOFException cause) {
    return new IOException(
        "image " + name + " of " + place + " ends early: changed since it was listed?", cause);
  }

  private FSDataInputStream open(Path path) throws IOException {
    return HadoopPaths.open(path, configuration);
  }

  @Override
  public void close() throws IOException {
    if (parquet.isPresent()) {
      parquet.get().close();
      parquet = Optional.empty();
    }
    if (archive.isPresent()) {
      archive.get().stream().close();
      archive = Optional.empty();
    }
  }

  private record OpenArchive(String path, FSDataInputStream stream) {}
}
