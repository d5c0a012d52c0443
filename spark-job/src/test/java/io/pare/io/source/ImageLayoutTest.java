package io.pare.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.testing.DataSetOptions;
import io.pare.testing.HandledInputs;
import io.pare.testing.ImageFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts in which people keep images as files. */
class ImageLayoutTest {
  private static final String LONG_NAME = "n02/" + "long".repeat(40) + ".png";

  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;

  @Test
  void takesTheLabelFromTheSynsetListNotFromTheFoldersPresent() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("train"), "n03/b.JPEG", "n03/a.JPEG", "n01/c.png");
    Path synsets = ImageFiles.text(folder.resolve("synsets.txt"), "n00", "n01", "n02", "n03");

    ImageSource source = open(root, SourceOptions.defaults().withSynsets(synsets.toString()));

    assertThat(read(source))
        .extracting(EncodedImage::id, EncodedImage::name, EncodedImage::label)
        .containsExactly(
            tuple(0L, "n01/c.png", 1), tuple(1L, "n03/a.JPEG", 3), tuple(2L, "n03/b.JPEG", 3));
    assertThat(source.classNames()).containsExactly("n00", "n01", "n02", "n03");
    source.requireLabels(4);
  }

  @Test
  void numbersTheSortedFoldersWhenThereIsNoSynsetList() throws IOException {
    ImageSource source = open(ImageFiles.folder(folder, "owl/1.png", "cat/1.png", "dog/1.png"));

    assertThat(source.classNames()).containsExactly("cat", "dog", "owl");
    assertThat(read(source)).extracting(EncodedImage::label).containsExactly(0, 1, 2);
  }

  @Test
  void readsTheBytesOfEachFile() throws IOException {
    String[] names = {"cat/1.png", "cat/2.png", "cat/a b,ä.png", LONG_NAME};
    ImageSource files = open(ImageFiles.folder(folder.resolve("files"), names));
    ImageSource tar = open(ImageFiles.tar(folder.resolve("files.tar"), names));

    for (EncodedImage image : read(files)) {
      assertThat(image.bytes()).as(image.name()).isEqualTo(ImageFiles.png(image.name()));
    }
    for (EncodedImage image : read(tar)) {
      assertThat(image.bytes()).as(image.name()).isEqualTo(ImageFiles.png(image.name()));
    }
    assertThat(read(files)).extracting(EncodedImage::name).containsExactly(names);
  }

  @Test
  void givesATarTheOrderOfTheFolderItWasMadeFrom() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("files"), "a.b/1.png", "a/2.png", "a/1.png");
    Path tar = ImageFiles.tar(folder.resolve("x.tar"), "./a/2.png", "./a.b/1.png", "./a/1.png");

    assertThat(read(open(tar)))
        .extracting(EncodedImage::name, EncodedImage::label)
        .containsExactlyElementsOf(
            read(open(root)).stream().map(image -> tuple(image.name(), image.label())).toList());
  }

  @Test
  void leavesHiddenAndForeignFilesOut() throws IOException {
    Path root = ImageFiles.folder(folder, "cat/1.png", "cat/.2.png", "_tmp/3.png", ".git/4.png");
    ImageFiles.text(root.resolve("_SUCCESS"), "");
    ImageFiles.text(root.resolve("README.txt"), "cats");
    ImageFiles.text(root.resolve("cat/notes.txt"), "cats");

    assertThat(read(open(root))).extracting(EncodedImage::name).containsExactly("cat/1.png");
  }

  @Test
  void reachesImagesInTheTarsOfATarByRange() throws IOException {
    Map<String, List<String>> archives = new TreeMap<>();
    archives.put("n02.tar", List.of("n02_7.JPEG", "n02_10.JPEG"));
    archives.put("n01.tar", List.of("n01_3.JPEG"));
    Path tar = ImageFiles.nestedTar(folder.resolve("ILSVRC2012_img_train.tar"), archives);
    Path synsets = ImageFiles.text(folder.resolve("synsets.txt"), "n00", "n01", "n02");

    List<EncodedImage> images =
        read(open(tar, SourceOptions.defaults().withSynsets(synsets.toString())));

    assertThat(images)
        .extracting(EncodedImage::name, EncodedImage::label)
        .containsExactly(
            tuple("n01/n01_3.JPEG", 1), tuple("n02/n02_10.JPEG", 2), tuple("n02/n02_7.JPEG", 2));
    assertThat(images.get(1).bytes()).isEqualTo(ImageFiles.png("n02_10.JPEG"));
  }

  @Test
  void labelsTheValidationTarByGroundTruthInTheOrderOfNames() throws IOException {
    Path tar =
        ImageFiles.tar(
            folder.resolve("ILSVRC2012_img_val.tar"),
            "ILSVRC2012_val_00000003.JPEG",
            "ILSVRC2012_val_00000001.JPEG",
            "ILSVRC2012_val_00000002.JPEG");
    SourceOptions options =
        DataSetOptions.withSynsetIds(
            DataSetOptions.withGroundTruth(
                SourceOptions.defaults()
                    .withSynsets(
                        ImageFiles.text(folder.resolve("s"), "n10", "n20", "n30").toString()),
                ImageFiles.text(folder.resolve("g"), "490", "361", "171").toString()),
            ImageFiles.text(folder.resolve("i"), "171 n30", "361 n10", "490 n20").toString());

    assertThat(read(open(tar, options)))
        .extracting(EncodedImage::name, EncodedImage::label)
        .containsExactly(
            tuple("ILSVRC2012_val_00000001.JPEG", 1),
            tuple("ILSVRC2012_val_00000002.JPEG", 0),
            tuple("ILSVRC2012_val_00000003.JPEG", 2));
  }

  @Test
  void acceptsAGroundTruthOfSynsets() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("val"), "1.png", "2.png");
    SourceOptions options =
        DataSetOptions.withGroundTruth(
            SourceOptions.defaults()
                .withSynsets(
                    ImageFiles.text(
                            folder.resolve("s"),
                            "n01440764 tench, Tinca tinca",
                            "n01443537 goldfish")
                        .toString()),
            ImageFiles.text(folder.resolve("g"), "n01443537", "n01440764").toString());

    assertThat(read(open(root, options))).extracting(EncodedImage::label).containsExactly(1, 0);
  }

  @Test
  void labelsAFlatFolderFromAFileOfIndicesAndNames() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("flat"), "1.png", "a b.png", "c,d.png");
    Path labels =
        ImageFiles.text(
            root.resolve("labels.csv"), "name,label", "c,d.png,2", "1.png , dog", "a b.png 0");
    SourceOptions options =
        SourceOptions.defaults()
            .withLabels(labels.toString())
            .withSynsets(ImageFiles.text(folder.resolve("s"), "cat", "dog", "owl").toString());

    assertThat(read(open(root, options))).extracting(EncodedImage::label).containsExactly(1, 0, 2);
  }

  @Test
  void linksInATarAreLeftOutAndNamed() throws IOException {
    Path tar = folder.resolve("links.tar");
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
      byte[] image = ImageFiles.png("1.png");
      TarArchiveEntry file = new TarArchiveEntry("cat/1.png");
      file.setSize(image.length);
      out.putArchiveEntry(file);
      out.write(image);
      out.closeArchiveEntry();
      for (byte kind :
          new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO}) {
        TarArchiveEntry link = new TarArchiveEntry("./cat/link" + (char) kind + ".png", kind);
        link.setLinkName("1.png");
        out.putArchiveEntry(link);
        out.closeArchiveEntry();
      }
    }

    ImageSource source = open(tar, SourceOptions.defaults());

    assertThat(read(source)).extracting(EncodedImage::name).containsExactly("cat/1.png");
    assertThat(source.skipped()).containsExactly("cat/link1.png", "cat/link2.png", "cat/link6.png");
    HandledInputs.handled(
        "links and special files with the names of images in a tar",
        "the regular files are read, the others left out",
        "warning images-skipped, with how many and the first");
  }

  @Test
  void readsAFlatFolderWithoutLabels() throws IOException {
    ImageSource source = open(ImageFiles.folder(folder, "2.png", "1.png"));

    assertThat(read(source))
        .extracting(EncodedImage::name, EncodedImage::label)
        .containsExactly(
            tuple("1.png", EncodedImage.NO_LABEL), tuple("2.png", EncodedImage.NO_LABEL));
    assertThat(source.classNames()).isEmpty();
  }

  @Test
  void cutsBlocksByCountAloneAndSendsThemOverTheWire() throws Exception {
    Path root = ImageFiles.folder(folder.resolve("x"), "a/1.png", "a/2.png", "b/1.png", "b/2.png");
    ImageSource source = open(root, DataSetOptions.blocksOf(3));

    assertThat(source.blocks()).extracting(ImageBlock::count).containsExactly(3, 1);
    assertThat(source.blocks()).extracting(ImageBlock::firstId).containsExactly(0L, 3L);
    assertThat(source.blocks()).extracting(ImageBlock::index).containsExactly(0, 1);
    try (ImageBlockReader reader = new ImageBlockReader(configuration)) {
      assertThat(reader.read(copy(source.blocks().get(1))))
          .extracting(EncodedImage::name)
          .containsExactly("b/2.png");
    }
  }

  @Test
  void readsATarWhoseNameSaysNothing() throws IOException {
    Path tar = ImageFiles.tar(folder.resolve("images"), "cat/1.png");
    Files.move(tar, folder.resolve("images.bin"));

    assertThat(read(open(folder.resolve("images.bin")))).hasSize(1);
  }

  private static ImageBlock copy(ImageBlock block) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(block);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (ImageBlock) in.readObject();
    }
  }

  private ImageSource open(Path location) throws IOException {
    return open(location, SourceOptions.defaults());
  }

  private ImageSource open(Path location, SourceOptions options) throws IOException {
    return ImageSource.open(location.toString(), options, configuration);
  }

  private List<EncodedImage> read(ImageSource source) throws IOException {
    return ImageFiles.read(source, configuration);
  }
}
