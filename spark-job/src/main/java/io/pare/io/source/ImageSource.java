package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.HadoopPaths;
import io.pare.io.archive.ShardReader;
import io.pare.io.block.ArchiveBlock;
import io.pare.io.block.FolderBlock;
import io.pare.io.block.ImageBlock;
import io.pare.io.block.ParquetBlock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * An image data set, listed on the driver in a fixed order: the same data set gives the same ids,
 * names, labels and blocks wherever and however often it is opened.
 *
 * <p>Which kind it is, is seen from what is there:
 *
 * <ul>
 *   <li>Parquet with {@code image struct<bytes, path>} and {@code label}: one file, or a folder of
 *       {@code *.parquet} in the order of their names;
 *   <li>class folders {@code root/n01440764/*.JPEG}, as a folder or inside one tar;
 *   <li>the ILSVRC training tar, which holds one tar a class;
 *   <li>WebDataset shards: a folder of tars, or one tar, of {@code KEY.jpg} and {@code KEY.cls};
 *   <li>images without folders (a folder, or the ILSVRC validation tar), labelled by a file or not
 *       at all.
 * </ul>
 *
 * <p>Images in folders and archives are sorted by folder, then name. Hidden files are left out.
 * Immutable.
 */
public final class ImageSource {
  static final String ACCEPTED =
      "accepted are Parquet (a file or a folder of *.parquet), class folders, a folder of images,"
          + " an uncompressed tar of either or of one tar a class, and WebDataset shards";

  private static final int TAR_MAGIC_OFFSET = 257;

  private final String location;
  private final Configuration configuration;
  private final List<ImageBlock> blocks;
  private final ClassNames classes;
  private final List<String> skipped;

  private ImageSource(String location, Configuration configuration, FileListing listing) {
    this.location = location;
    this.configuration = configuration;
    this.blocks = List.copyOf(listing.blocks());
    this.classes = listing.classes();
    this.skipped = List.copyOf(listing.skipped());
  }

  /**
   * Lists a data set. Reads folders, archive headers, Parquet footers and label files; no image.
   *
   * @param location Hadoop path of a file or folder
   * @throws InputException if nothing is there, it is of no known kind, or its labels do not fit
   * @throws IOException if the file system fails
   */
  public static ImageSource open(
      String location, SourceOptions options, Configuration configuration) throws IOException {
    return open(location, options, configuration, ShardReader.here(configuration));
  }

  /**
   * Lists a data set as {@link #open(String, SourceOptions, Configuration)} does, the shards of a
   * WebDataset where the caller wants it.
   *
   * @param reader reads what the shards hold
   */
  public static ImageSource open(
      String location, SourceOptions options, Configuration configuration, ShardReader reader)
      throws IOException {
    FileStatus status = HadoopPaths.dataSet(location, configuration);
    List<FileStatus> parquet = parquetFiles(status, configuration);
    if (!parquet.isEmpty()) {
      return openParquet(location, parquet, options, configuration);
    }
    if (!status.isDirectory()) {
      requireTar(location, status.getPath(), configuration);
    }
    FileListing listing;
    List<FileStatus> shards = WebDataset.shards(status, configuration);
    if (!shards.isEmpty()) {
      listing = new WebDataset(location, shards, options).listing(configuration, reader);
    } else if (status.isDirectory()) {
      listing = FileListing.ofFolder(location, status, options, configuration);
    } else {
      listing = FileListing.ofTar(location, status, options, configuration);
    }
    return new ImageSource(location, configuration, listing);
  }

  /** The blocks in the order of the data set, at least one. */
  public List<ImageBlock> blocks() {
    return blocks;
  }

  /** Number of images; their ids are 0 to this less 1. */
  public long imageCount() {
    ImageBlock last = blocks.get(blocks.size() - 1);
    return last.firstId() + last.count();
  }

  /** Names of the classes by index, from a synset list or the class folders; empty if unknown. */
  public List<String> classNames() {
    return classes.names();
  }

  /**
   * Whether labels are places of class folders in alphabetical order, as nothing else numbers them:
   * right only where every class has a folder.
   */
  public boolean isNumberedByFolders() {
    return classes.isOfFolders();
  }

  /** Names of images in archives that are no regular files, such as links, and are left out. */
  public List<String> skipped() {
    return skipped;
  }

  /** Where the data set is, as the user named it. */
  public String location() {
    return location;
  }

  /**
   * Checks that every image has a label in {@code 0..outputs-1}, numbered as the outputs are.
   *
   * @param outputs of the network that stand for classes, at least 1
   * @throws InputException naming the first five without a label or out of range, with counts; or
   *     where folders number the labels and there are fewer than outputs
   */
  public void requireLabels(int outputs) throws IOException {
    if (isNumberedByFolders() && classes.names().size() < outputs) {
      throw InputException.data(
          "%s: %d class folders for %d outputs of the network: folders in alphabetical order would number the classes wrongly; give synsets, a list of all %d in the order of the outputs, or labels"
              .formatted(location, classes.names().size(), outputs, outputs));
    }
    LabelCheck check = new LabelCheck(location, outputs);
    Set<String> parquet = new LinkedHashSet<>();
    for (ImageBlock block : blocks) {
      if (block instanceof ParquetBlock rows) {
        parquet.add(rows.path());
      } else if (block instanceof FolderBlock files) {
        addAll(files.names(), files.labels(), check);
      } else if (block instanceof ArchiveBlock ranges) {
        addAll(ranges.names(), ranges.labels(), check);
      }
    }
    for (String path : parquet) {
      LabelColumn.check(path, configuration, check);
    }
    check.finish();
  }

  private static void addAll(String[] names, int[] labels, LabelCheck check) {
    for (int i = 0; i < names.length; i++) {
      check.add(names[i], labels[i]);
    }
  }

  private static ImageSource openParquet(
      String location, List<FileStatus> files, SourceOptions options, Configuration configuration)
      throws IOException {
    if (options.labelledByFile()) {
      throw InputException.usage(
          location + ": Parquet carries its own labels; leave out the labels or ground-truth file");
    }
    List<ImageBlock> blocks = ParquetListing.blocks(files, options.blockSize(), configuration);
    if (blocks.isEmpty()) {
      throw InputException.data(location + ": its " + files.size() + " Parquet files hold no rows");
    }
    return new ImageSource(
        location,
        configuration,
        new FileListing(blocks, ClassNames.listed(options, configuration), List.of()));
  }

  private static List<FileStatus> parquetFiles(FileStatus status, Configuration configuration)
      throws IOException {
    List<FileStatus> files = new ArrayList<>();
    if (status.isDirectory()) {
      for (FileStatus file : HadoopPaths.visible(status.getPath(), configuration)) {
        if (file.isFile() && file.getPath().getName().endsWith(".parquet")) {
          files.add(file);
        }
      }
    } else if (status.getPath().getName().endsWith(".parquet")
        || startsWith(status.getPath(), 0, "PAR1", configuration)) {
      files.add(status);
    }
    return files;
  }

  private static void requireTar(String location, Path file, Configuration configuration)
      throws IOException {
    if (!file.getName().endsWith(".tar")
        && !startsWith(file, TAR_MAGIC_OFFSET, "ustar", configuration)) {
      String kind = "it is neither Parquet nor a tar";
      if (startsWith(file, 0, "\u001f\u008b", configuration)) {
        kind =
            "it is compressed with gzip, in which no image can be reached; unpack it with gunzip";
      }
      throw InputException.data(location + " is no image data set: " + kind + "; " + ACCEPTED);
    }
  }

  private static boolean startsWith(
      Path file, int offset, String magic, Configuration configuration) throws IOException {
    byte[] head = new byte[offset + magic.length()];
    try (FSDataInputStream stream = HadoopPaths.open(file, configuration)) {
      return stream.readNBytes(head, 0, head.length) == head.length
          && new String(head, StandardCharsets.ISO_8859_1).startsWith(magic, offset);
    }
  }
}
