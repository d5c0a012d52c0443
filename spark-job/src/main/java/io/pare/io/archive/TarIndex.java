package io.pare.io.archive;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Finds the images of an uncompressed tar, or of a tar of tars, by reading headers and seeking over
 * the data; nothing is unpacked.
 */
public final class TarIndex {
  private static final int BLOCK_BYTES = 10_240;
  private static final int RECORD_BYTES = 512;

  /** Indexing a tar on HDFS waits for the network: more threads than cores pay. */
  private static final int THREADS = 16;

  private final FileStatus archive;
  private final Configuration configuration;
  private final Set<String> skipped = new ConcurrentSkipListSet<>();

  /**
   * What was found in a tar.
   *
   * @param files regular files with their ranges in the outer file
   * @param skipped names of images that are no regular files, such as links, in their order
   */
  public record Found(List<ImageEntry> files, List<String> skipped) {}

  private TarIndex(FileStatus archive, Configuration configuration) {
    this.archive = archive;
    this.configuration = configuration;
  }

  /** All regular files of a tar, in its order. */
  public static Found files(FileStatus archive, Configuration configuration) throws IOException {
    TarIndex index = new TarIndex(archive, configuration);
    return index.found(index.files("", 0, archive.getLen()));
  }

  private Found found(List<ImageEntry> files) {
    return new Found(files, List.copyOf(skipped));
  }

  /** The images in no particular order. */
  public static Found images(FileStatus archive, Configuration configuration) throws IOException {
    TarIndex index = new TarIndex(archive, configuration);
    List<ImageEntry> files = index.files("", 0, archive.getLen());
    List<ImageEntry> images = new ArrayList<>();
    List<ImageEntry> archives = new ArrayList<>();
    for (ImageEntry file : files) {
      if (ImageEntry.isImageName(file.fileName())) {
        images.add(file);
      } else if (isTarName(file)) {
        archives.add(file);
      }
    }
    if (!images.isEmpty() && !archives.isEmpty()) {
      throw InputException.data(
          "%s holds both images (%d, first %s) and archives (%d, first %s); keep one of the two"
              .formatted(
                  archive.getPath(),
                  images.size(),
                  images.get(0).name(),
                  archives.size(),
                  archives.get(0).name()));
    }
    images.addAll(index.imagesOf(archives));
    return index.found(images);
  }

  private static boolean isTarName(ImageEntry file) {
    return file.fileName().endsWith(".tar") && !HadoopPaths.isHidden(file.fileName());
  }

  private List<ImageEntry> imagesOf(List<ImageEntry> archives) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<ImageEntry>>> pending = new ArrayList<>();
      for (ImageEntry inner : archives) {
        Callable<List<ImageEntry>> task = () -> imagesOf(inner);
        pending.add(threads.submit(task));
      }
      List<ImageEntry> images = new ArrayList<>();
      for (Future<List<ImageEntry>> future : pending) {
        images.addAll(future.get());
      }
      return images;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while indexing " + archive.getPath(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InputException mistake) {
        throw mistake;
      }
      throw new IOException("cannot index " + archive.getPath(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private List<ImageEntry> imagesOf(ImageEntry inner) throws IOException {
    String stem = inner.fileName().substring(0, inner.fileName().length() - ".tar".length());
    List<ImageEntry> images = new ArrayList<>();
    for (ImageEntry file : files(inner.name(), inner.offset(), inner.length())) {
      if (ImageEntry.isImageName(file.fileName())) {
        images.add(new ImageEntry(stem + "/" + file.fileName(), file.offset(), file.length()));
      }
    }
    return images;
  }

  /** The regular files of the tar that fills a range of the outer file. */
  private List<ImageEntry> files(String inner, long start, long length) throws IOException {
    String place = inner.isEmpty() ? archive.getPath().toString() : inner;
    Path path = archive.getPath();
    List<ImageEntry> files = new ArrayList<>();
    try (SeekableStreamChannel channel =
            new SeekableStreamChannel(path.getFileSystem(configuration).open(path), start, length);
        TarFile tar = open(channel, place)) {
      checkEnd(place, tar.getEntries(), length);
      for (TarArchiveEntry entry : tar.getEntries()) {
        if (!isRegular(entry)) {
          skip(inner, entry);
          continue;
        }
        if (entry.isSparse()) {
          throw unreadable(place, entry.getName() + " is stored as a sparse file");
        }
        files.add(
            new ImageEntry(
                normal(entry.getName()), start + entry.getDataOffset(), entry.getSize()));
      }
    }
    return files;
  }

  /** What the library takes for a file may have no content of its own. */
  private static boolean isRegular(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isLink()
        && !entry.isSymbolicLink()
        && !entry.isFIFO()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice();
  }

  private void skip(String inner, TarArchiveEntry entry) {
    String name = normal(entry.getName());
    if (!entry.isDirectory() && ImageEntry.isImageName(name.substring(name.lastIndexOf('/') + 1))) {
      skipped.add(inner.isEmpty() ? name : inner + "/" + name);
    }
  }

  /** A tar ends with empty records; one that was cut between two files would pass as a shorter. */
  private void checkEnd(String place, List<TarArchiveEntry> entries, long length) {
    long end = 0;
    for (TarArchiveEntry entry : entries) {
      end = Math.max(end, entry.getDataOffset() + entry.getSize());
    }
    if ((end + RECORD_BYTES - 1) / RECORD_BYTES * RECORD_BYTES + RECORD_BYTES > length) {
      throw unreadable(
          place, "it is cut short, at %,d bytes, before its closing record".formatted(length));
    }
  }

  private TarFile open(SeekableStreamChannel channel, String place) throws IOException {
    try {
      return new TarFile(channel, BLOCK_BYTES, RECORD_BYTES, StandardCharsets.UTF_8.name(), false);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(place, e.getMessage());
    }
  }

  private InputException unreadable(String place, String reason) {
    String where = place.equals(archive.getPath().toString()) ? "" : " in " + archive.getPath();
    return InputException.data(
        place + where + " is not a readable tar: " + reason + "; copy it again");
  }

  private static String normal(String name) {
    String path = name;
    while (path.startsWith("./") || path.startsWith("/")) {
      path = path.substring(path.indexOf('/') + 1);
    }
    return path;
  }
}
