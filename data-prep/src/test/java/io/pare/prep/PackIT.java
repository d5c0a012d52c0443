package io.pare.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code pack} from its arguments to the files, on Spark. */
class PackIT {
  private final Configuration configuration = new Configuration();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir private Path folder;
  private Path source;

  @BeforeEach
  void makeImages() throws IOException {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    source = folder.resolve("source");
    for (int i = 0; i < 30; i++) {
      write(source.resolve(List.of("cat", "dog", "owl").get(i % 3) + "/" + i + ".png"), png(40, i));
    }
  }

  @AfterEach
  void forgetMaster() {
    System.clearProperty("spark.master");
    System.clearProperty("spark.ui.enabled");
    System.clearProperty("spark.hadoop.fs.store.impl");
  }

  @Test
  void packsTheSameBytesForAnyNumberOfTasksAtATime() throws IOException {
    for (int cores : new int[] {1, 2, 4}) {
      System.setProperty("spark.master", "local[" + cores + "]");
      assertThat(pack(source, "out" + cores, "--images-per-shard", "7")).isZero();
    }

    Map<String, byte[]> one = shards(folder.resolve("out1"));
    assertThat(one)
        .containsOnlyKeys(
            "train-00000-of-00005.parquet",
            "train-00001-of-00005.parquet",
            "train-00002-of-00005.parquet",
            "train-00003-of-00005.parquet",
            "train-00004-of-00005.parquet");
    assertThat(shards(folder.resolve("out2"))).containsExactlyEntriesOf(one);
    assertThat(shards(folder.resolve("out4"))).containsExactlyEntriesOf(one);
  }

  @Test
  void packsWhatTheSourceHolds() throws IOException {
    assertThat(pack(source, "out", "--images-per-shard", "7")).isZero();

    List<EncodedImage> packed = read(folder.resolve("out").toString());
    assertThat(packed)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(read(source.toString()));
    assertThat(packed).hasSize(30).extracting(EncodedImage::label).contains(0, 1, 2);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("packed 30 images of 3 classes")
        .contains("left out 0 bad");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("source", "out");
    assertThat(folder.resolve("out").toFile().list()).contains("_SUCCESS").noneMatch(PackIT::isCrc);
  }

  @Test
  void onAStoreThatRenamesNoDirectoryAManifestLeadsToTheFiles() throws IOException {
    System.setProperty("spark.hadoop.fs.store.impl", LocalStore.class.getName());
    configuration.set("fs.store.impl", LocalStore.class.getName());
    String output = LocalStore.path(folder.resolve("stored"));
    String[] pack = {"pack", source.toString(), "--output", output, "--images-per-shard", "7"};
    assertThat(run(pack)).as(err.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(read(output))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(read(source.toString()));
    String first = runOf("stored");

    assertThat(run(pack)).isEqualTo(2);
    assertThat(errorLine()).contains("exists; choose another path or give --overwrite");
    assertThat(runOf("stored")).isEqualTo(first);

    List<String> overwriting = new ArrayList<>(List.of(pack));
    overwriting.add("--overwrite");
    assertThat(run(overwriting.toArray(String[]::new))).isZero();

    String second = runOf("stored");
    assertThat(second).isNotEqualTo(first);
    assertThat(folder.resolve("stored").toFile().list())
        .containsExactlyInAnyOrder("_SUCCESS", second);
    assertThat(pack(source, "out", "--images-per-shard", "7")).isZero();
    assertThat(shards(folder.resolve("stored").resolve(second)))
        .as("the same bytes as on a local disk")
        .containsExactlyEntriesOf(shards(folder.resolve("out")));
    Files.writeString(folder.resolve("stored/thesis.tex"), "mine");
    assertThat(run(overwriting.toArray(String[]::new))).isEqualTo(2);
    assertThat(errorLine()).contains("1 files or folders that are no part of its data set: thesis");
    assertThat(runOf("stored")).isEqualTo(second);
  }

  /** The folder that a manifest leads to. */
  private String runOf(String name) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(name).resolve("_SUCCESS"));
    assertThat(lines).hasSize(3);
    return lines.get(2).substring("files = ".length());
  }

  @Test
  void refusesAPlaceThatCannotBeWrittenInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");

    assertThat(pack(source, "file/out")).isEqualTo(2);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "pare-prep: error: --output = file:%s/out: %s is no directory\n".formatted(file, file));
    assertThat(file).hasContent("mine");
  }

  @Test
  void tellsOfAFullDiskInOneLine() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    assumeTrue(mount.waitFor() == 0, "needs the right to mount a tmpfs");
    try {
      assertThat(pack(source, "disk/out")).isEqualTo(1);
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }

    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("pare-prep: error: no space is left for ")
        .contains("on the disk " + disk + " (tmpfs)", "No space left on device")
        .hasLineCount(1);
  }

  @Test
  void leavesBadImagesOutAndNamesThem() throws IOException {
    Files.writeString(source.resolve("dog/0.png"), "no picture");
    write(source.resolve("owl/0.png"), new byte[0]);

    assertThat(pack(source, "out", "--max-bad-images", "2")).isZero();

    assertThat(read(folder.resolve("out").toString()))
        .hasSize(30)
        .extracting(EncodedImage::name)
        .doesNotContain("dog/0.png", "owl/0.png");
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("out/_summary.json").toFile());
    assertThat(summary.at("/bad_images/count").asInt()).isEqualTo(2);
    assertThat(summary.at("/bad_images/reasons/not an image/first_names/0").asText())
        .isEqualTo("dog/0.png");
    assertThat(summary.at("/bad_images/reasons/empty/first_names/0").asText())
        .isEqualTo("owl/0.png");
    assertThat(summary.at("/images_per_class/cat").asInt()).isEqualTo(10);
    assertThat(summary.at("/files/0/sha256").asText()).hasSize(64);
  }

  @Test
  void refusesADataSetWithTooManyBadImages() throws IOException {
    Files.writeString(source.resolve("dog/0.png"), "no picture");
    write(source.resolve("owl/0.png"), new byte[0]);

    assertThat(pack(source, "out")).isEqualTo(3);

    assertThat(errorLine())
        .isEqualTo(
            "pare-prep: error: "
                + source
                + ": 2 of 32 images are bad, at most 1 may be: owl/0.png (empty), dog/0.png (not an"
                + " image); mend them or raise --max-bad-images");
    assertThat(folder.toFile().list()).containsExactly("source");
  }

  @Test
  void refusesAnOutputThatExistsUnlessItMayReplaceAPackedOne() throws IOException {
    Path other = folder.resolve("out");
    Files.createDirectory(other);
    Files.writeString(other.resolve("thesis.txt"), "mine");
    assertThat(pack(source, "out")).isEqualTo(2);
    assertThat(errorLine()).endsWith("exists; choose another path or give --overwrite");
    assertThat(pack(source, "out", "--overwrite")).isEqualTo(2);
    assertThat(errorLine()).contains("holds no packed data set and is not replaced");
    assertThat(other.resolve("thesis.txt")).hasContent("mine");

    assertThat(pack(source, "again")).isZero();
    Files.delete(source.resolve("cat/0.png"));
    assertThat(pack(source, "again", "--overwrite")).isZero();
    assertThat(read(folder.resolve("again").toString())).hasSize(29);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("source", "out", "again");
  }

  @Test
  void replacesNothingThatADataSetDoesNotList() throws IOException {
    assertThat(pack(source, "set")).isZero();
    Path mine = Files.writeString(folder.resolve("set/thesis.txt"), "mine");
    assertThat(pack(source, "set", "--overwrite")).isEqualTo(2);
    assertThat(errorLine()).contains("1 files or folders that are no part of its data set: thesis");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void replacesNothingThatItReads() throws IOException {
    assertThat(pack(source, "set")).isZero();
    Path set = folder.resolve("set");
    assertThat(pack(set, "set", "--overwrite")).isEqualTo(2);
    assertThat(errorLine()).contains("SOURCE = " + set + " lies in output = ");
    assertThat(read(set.toString())).hasSize(30);
  }

  @Test
  void makesLargeImagesSmaller() throws IOException {
    write(source.resolve("cat/large.png"), png(400, 1));

    assertThat(pack(source, "out", "--shorter-side", "100")).isZero();

    for (EncodedImage image : read(folder.resolve("out").toString())) {
      BufferedImage picture = ImageIO.read(new java.io.ByteArrayInputStream(image.bytes()));
      boolean large = image.name().equals("cat/large.png");
      assertThat(picture.getHeight()).as(image.name()).isEqualTo(large ? 100 : 30);
    }
  }

  @Test
  void tellsAMistakeInTheSourceWithoutAStackTrace() {
    assertThat(pack(folder.resolve("missing"), "out")).isEqualTo(3);
    assertThat(errorLine())
        .isEqualTo(
            "pare-prep: error: image data set: " + folder.resolve("missing") + " does not exist");
  }

  @Test
  void packsATarOnHdfsToHdfs() throws IOException {
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    try (MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(configuration).numDataNodes(1).build()) {
      FileSystem hdfs = cluster.getFileSystem();
      String root = hdfs.getUri().toString();
      try (TarArchiveOutputStream tar =
          new TarArchiveOutputStream(hdfs.create(new org.apache.hadoop.fs.Path("/train.tar")))) {
        for (String synset : List.of("n01", "n02")) {
          add(tar, synset + ".tar", tarOf(synset + "_1.JPEG", synset + "_2.JPEG"));
        }
      }

      assertThat(run("pack", root + "/train.tar", "--output", root + "/sets/in")).isZero();

      assertThat(read(root + "/sets/in"))
          .extracting(EncodedImage::name)
          .containsExactly("n01/n01_1.JPEG", "n01/n01_2.JPEG", "n02/n02_1.JPEG", "n02/n02_2.JPEG");
      assertThat(hdfs.listStatus(new org.apache.hadoop.fs.Path("/sets"))).hasSize(1);
      assertThat(run("pack", root + "/train.tar", "--output", root + "/sets/in")).isEqualTo(2);
      assertThat(run("pack", root + "/train.tar", "--output", root + "/sets/in", "--overwrite"))
          .isZero();
      assertThat(hdfs.listStatus(new org.apache.hadoop.fs.Path("/sets"))).hasSize(1);
    }
  }

  private int pack(Path from, String to, String... more) {
    List<String> args = new ArrayList<>(List.of("pack", from.toString(), "--output"));
    args.add(folder.resolve(to).toString());
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private int run(String... args) {
    err.reset();
    return Main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  /** The one line on standard error: no stack trace, nothing behind it. */
  private String errorLine() {
    assertThat(err.toString(StandardCharsets.UTF_8)).hasLineCount(1);
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  private static boolean isCrc(String name) {
    return name.endsWith(".crc");
  }

  private static Map<String, byte[]> shards(Path directory) throws IOException {
    Map<String, byte[]> shards = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        shards.put(file.toFile().getName(), Files.readAllBytes(file));
      }
    }
    return shards;
  }

  private List<EncodedImage> read(String location) throws IOException {
    List<EncodedImage> images = new ArrayList<>();
    try (ImageBlockReader reader = new ImageBlockReader(configuration)) {
      for (ImageBlock block :
          ImageSource.open(location, SourceOptions.defaults(), configuration).blocks()) {
        images.addAll(reader.read(block));
      }
    }
    return images;
  }

  private static byte[] tarOf(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : names) {
        add(tar, name, png(40, name.hashCode()));
      }
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /** A picture of {@code width} by three quarters of it, in a colour of its own. */
  private static byte[] png(int width, int seed) throws IOException {
    BufferedImage image = new BufferedImage(width, width * 3 / 4, BufferedImage.TYPE_INT_RGB);
    image.setRGB(width / 2, width / 3, seed * 7919 & 0xffffff);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
