package io.pare.io.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.testing.BadInputs;
import io.pare.testing.DataSetOptions;
import io.pare.testing.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What users read when a data set or its labels do not fit. */
class ImageSourceErrorsTest {
  private final Configuration configuration = new Configuration();
  @TempDir private Path folder;
  private String bad;
  private int errors;

  @BeforeEach
  void nameTheCase(TestInfo test) {
    bad = BadInputs.words(test);
  }

  @Test
  void nothingThere() {
    Path missing = folder.resolve("missing");
    refused(missing, SourceOptions.defaults(), "image data set: %s does not exist", missing);
  }

  @Test
  void aFileOfNoKnownKind() throws IOException {
    Path file = ImageFiles.text(folder.resolve("images.txt"), "hello");
    refused(
        file,
        SourceOptions.defaults(),
        "%s is no image data set: it is neither Parquet nor a tar; accepted are Parquet (a file or"
            + " a folder of *.parquet), class folders, a folder of images, an uncompressed tar"
            + " of either or of one tar a class, and WebDataset shards",
        file);
  }

  @Test
  void aCompressedTar() throws IOException {
    Path file = folder.resolve("images.tar.gz");
    Files.write(file, new byte[] {0x1f, (byte) 0x8b, 8, 0});
    assertThatThrownBy(() -> open(file, SourceOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("compressed with gzip")
        .hasMessageContaining("unpack it with gunzip");
  }

  @Test
  void aFolderAboveTheClassFolders() throws IOException {
    ImageFiles.folder(folder.resolve("data"), "train/cat/1.png", "val/cat/1.png");
    ImageFiles.text(folder.resolve("data/synsets.txt"), "cat");
    assertThatThrownBy(() -> open(folder.resolve("data"), SourceOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "no image in it or in the folders directly below it; found 2 folders (train, val) and"
                + " 1 other files (synsets.txt); accepted are");
  }

  @Test
  void aTarCutShortInAHeaderInAnImageOrBetweenTwo() throws IOException {
    Path tar = ImageFiles.tar(folder.resolve("x.tar"), "cat/1.png", "cat/2.png");
    byte[] whole = Files.readAllBytes(tar);
    for (int length : new int[] {0, 100, 512, 600, 1024, 1300, 1536, 1560, 2048}) {
      Files.write(tar, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> open(tar, SourceOptions.defaults()))
          .as("%d bytes", length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("x.tar is not a readable tar: ")
          .hasMessageEndingWith("copy it again");
    }
  }

  @Test
  void aGarbledTarInsideATar() throws IOException {
    Path tar =
        ImageFiles.nestedTar(folder.resolve("x.tar"), Map.of("n01.tar", List.of("n01_1.JPEG")));
    byte[] bytes = Files.readAllBytes(tar);
    Arrays.fill(bytes, 512, 1024, (byte) 'x');
    Files.write(tar, bytes);
    assertThatThrownBy(() -> open(tar, SourceOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("n01\\.tar in file:.*x\\.tar is not a readable tar: .*");
  }

  @Test
  void aTarWithoutImages() throws IOException {
    Path tar = ImageFiles.tar(folder.resolve("x.tar"), "notes.txt");
    assertThatThrownBy(() -> open(tar, SourceOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(tar + ": no image in this tar; accepted are");
  }

  @Test
  void anImageTwiceInATar() throws IOException {
    Path tar = ImageFiles.tar(folder.resolve("x.tar"), "cat/1.png", "cat/2.png", "cat/1.png");
    refused(
        tar,
        SourceOptions.defaults(),
        "%s: 1 images are there more than once: cat/1.png; pack it anew",
        tar);
  }

  @Test
  void imagesBesideArchives() throws IOException {
    Path tar = ImageFiles.tar(folder.resolve("x.tar"), "cat/1.png", "n01.tar");
    assertThatThrownBy(() -> open(tar, SourceOptions.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            "holds both images (1, first cat/1.png) and archives (1, first n01.tar); keep one of"
                + " the two");
  }

  @Test
  void imagesBesideClassFolders() throws IOException {
    ImageFiles.folder(folder, "cat/1.png", "2.png");
    refused(
        folder,
        SourceOptions.defaults(),
        "%s: 1 images lie beside the 1 class folders: 2.png; move them into a folder or away",
        folder);
  }

  @Test
  void foldersThatAreNotInTheSynsetList() throws IOException {
    Path root =
        ImageFiles.folder(
            folder.resolve("x"),
            "a/1.png",
            "b/1.png",
            "c/1.png",
            "d/1.png",
            "e/1.png",
            "f/1.png",
            "n01/1.png");
    Path synsets = ImageFiles.text(folder.resolve("synsets.txt"), "n01");
    refused(
        root,
        SourceOptions.defaults().withSynsets(synsets.toString()),
        "%s: 6 of 7 class folders are not in the synset list %s: a, b, c, d, e and 1 more",
        root,
        synsets);
  }

  @Test
  void aSynsetListWithRepeatsAndGaps() throws IOException {
    ImageFiles.folder(folder.resolve("x"), "a/1.png");
    Path synsets = ImageFiles.text(folder.resolve("s"), "a", "", "b", "a");
    refused(
        folder.resolve("x"),
        SourceOptions.defaults().withSynsets(synsets.toString()),
        "synset list %s: line 2 is empty, line 4 repeats a; line 1 is class 0, so each line counts",
        synsets);
  }

  @Test
  void labelsThatAreMissingRepeatedUnknownOrMalformed() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("x"), "1.png", "2.png");
    SourceOptions named =
        SourceOptions.defaults()
            .withSynsets(ImageFiles.text(folder.resolve("s"), "cat", "dog").toString());
    Path labels = folder.resolve("labels.csv");

    ImageFiles.text(labels, "1.png,0");
    refused(
        root,
        named.withLabels(labels.toString()),
        "%s: 1 of 2 images have no label in %s: 2.png",
        root,
        labels);
    ImageFiles.text(labels, "1.png,0", "2.png,1", "1.png,1");
    refused(
        root,
        named.withLabels(labels.toString()),
        "labels file %s: 1 lines repeat a name: line 3 (1.png)",
        labels);
    ImageFiles.text(labels, "1.png,2", "2.png,owl");
    refused(
        root,
        named.withLabels(labels.toString()),
        "labels file %s: 2 labels are no class of the synset list %s, which has 0..1: line 1 (2),"
            + " line 2 (owl)",
        labels,
        folder.resolve("s"));
    ImageFiles.text(labels, "1.png,2", "2.png,owl");
    refused(
        root,
        SourceOptions.defaults().withLabels(labels.toString()),
        "labels file %s: 1 labels are no class index, and there is no synset list to look names up"
            + " in: line 2 (owl)",
        labels);
    ImageFiles.text(labels, "1.png", "2.png,1");
    refused(
        root,
        named.withLabels(labels.toString()),
        "labels file %s: 1 lines are not \"name,label\": line 1",
        labels);
  }

  @Test
  void labelsOutsideTheNetworksClasses() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("x"), "1.png", "2.png");
    Path labels = ImageFiles.text(folder.resolve("labels.csv"), "1.png,0", "2.png,10");
    ImageSource source = open(root, SourceOptions.defaults().withLabels(labels.toString()));

    assertThatThrownBy(() -> source.requireLabels(10))
        .isInstanceOfSatisfying(InputException.class, this::recorded)
        .hasMessage(
            root
                + ": 1 of 2 images have a label outside 0..9: 2.png (10); the labels must be"
                + " indices into the network's 10 outputs");
  }

  @Test
  void aGroundTruthThatDoesNotFit() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("x"), "1.png", "2.png");
    Path truth = ImageFiles.text(folder.resolve("g"), "490", "361");
    Path synsets = ImageFiles.text(folder.resolve("s"), "n10", "n20");
    Path ids = ImageFiles.text(folder.resolve("i"), "490 n10", "361 n99");
    SourceOptions options =
        DataSetOptions.withGroundTruth(SourceOptions.defaults(), truth.toString());

    refused(root, options, "ground truth %s needs a synset list to give class indices", truth);
    options = options.withSynsets(synsets.toString());
    refused(
        root,
        options,
        "ground truth %s holds numbers: 490, 361; ILSVRC2012_ID are not class indices, so give the"
            + " file of \"ID synset\" lines too",
        truth);
    options = DataSetOptions.withSynsetIds(options, ids.toString());
    refused(
        root,
        options,
        "ground truth %s: 1 of 2 lines are no class of the synset list %s: line 2 (361)",
        truth,
        synsets);
    ImageFiles.text(truth, "490");
    refused(
        root,
        options,
        "ground truth %s has 1 lines for the 2 images of %s; they must be the same number",
        truth,
        root);
    ImageFiles.text(ids, "490 n10", "490 n20", "n30");
    refused(
        root, options, "synset ids %s: line 2 repeats ID 490, line 3 is not \"ID synset\"", ids);
  }

  @Test
  void optionsThatContradictEachOther() throws IOException {
    Path root = ImageFiles.folder(folder.resolve("x"), "1.png");
    refused(
        root,
        DataSetOptions.withGroundTruth(SourceOptions.defaults().withLabels("l.csv"), "g.txt"),
        "both a labels file (l.csv) and a ground truth (g.txt) are given; leave out one");
    refused(
        root,
        DataSetOptions.withSynsetIds(SourceOptions.defaults(), "i.txt"),
        "synset ids (i.txt) explain the numbers of a ground truth, and none is given");
    refused(
        root,
        SourceOptions.defaults().withLabels(folder + "/none.csv"),
        "labels file: %s/none.csv does not exist",
        folder);
  }

  private void refused(Path location, SourceOptions options, String message, Object... values) {
    assertThatThrownBy(() -> open(location, options))
        .isInstanceOf(InputException.class)
        .hasMessage(message, values);
  }

  private ImageSource open(Path location, SourceOptions options) throws IOException {
    try {
      return ImageSource.open(location.toString(), options, configuration);
    } catch (InputException e) {
      throw recorded(e);
    }
  }

  /** With its row in the table; one test may see several errors. */
  private InputException recorded(InputException error) {
    errors++;
    String number = errors == 1 ? "" : " (" + errors + ")";
    BadInputs.refused(
        "images and labels",
        bad + number,
        error.getMessage().replace(folder.toString(), ""),
        Integer.toString(error.kind().exitCode()));
    return error;
  }
}
