package io.pare.io.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.Sha256;
import io.pare.testing.FaultMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  private static final CheckpointKey KEY = new CheckpointKey("inputs", "solve", "../../layer \n1");

  @TempDir private Path folder;
  private CheckpointStore store;

  enum Kind {
    FIRST,
    SECOND
  }

  sealed interface Part {}

  @SuppressWarnings("ArrayRecordComponent")
  record Factors(int rows, double[] values) implements Part {
    Factors {
      if (rows < 0) {
        throw new IllegalArgumentException("no matrix has " + rows + " rows");
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Factors that
          && rows == that.rows
          && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  record Nothing() implements Part {}

  record Result(
      String name,
      long count,
      boolean done,
      double error,
      Kind kind,
      Part part,
      List<Part> parts) {}

  record Other(String name) {}

  @BeforeEach
  void open() {
    store = store("run-1");
  }

  @Test
  void whatWasPutIsFoundByALaterRun() {
    store.put(KEY, result(1000));

    CheckpointStore later = store("run-2");
    assertThat(later.find(KEY, Result.class)).contains(result(1000));
    assertThat(later.reused()).containsExactly(KEY);
    assertThat(later.rejected()).isEmpty();
  }

  @Test
  void whatWasNeverPutIsAbsentWithoutAWord() {
    assertThat(store.find(KEY, Result.class)).isEmpty();
    assertThat(store.reused()).isEmpty();
    assertThat(store.rejected()).isEmpty();
  }

  @Test
  void anotherNetworkAnotherStageAndAnotherLayerHaveTheirOwn() {
    store.put(KEY, result(3));

    for (CheckpointKey other :
        List.of(
            new CheckpointKey("other", "solve", KEY.part()),
            new CheckpointKey("inputs", "refit", KEY.part()),
            new CheckpointKey("inputs", "solve", "layer 2"),
            new CheckpointKey("inputssolve", "", KEY.part()))) {
      assertThat(store.find(other, Result.class)).isEmpty();
    }
    assertThat(store.rejected()).isEmpty();
  }

  @Test
  void aNameFromANetworkIsNoPartOfAPath() throws IOException {
    store.put(KEY, result(3));

    assertThat(file().getFileName().toString()).matches("[0-9a-f]{64}\\.checkpoint");
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(Files::isRegularFile)).containsExactly(file());
    }
  }

  @Test
  void everyTruncationIsRecognised() throws IOException {
    store.put(KEY, result(5));
    byte[] whole = Files.readAllBytes(file());

    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThat(store.find(KEY, Result.class)).as("%s bytes", length).isEmpty();
    }
    assertThat(store.rejected()).hasSize(whole.length);
    assertThat(store.reused()).isEmpty();
    FaultMatrix.held(
        "damaged checkpoint: truncated",
        "a checkpoint cut to every length",
        store.rejected().size() + " checkpoints rejected",
        "none used, each told");
  }

  @Test
  void everyFlippedBitIsRecognised() throws IOException {
    store.put(KEY, result(5));
    byte[] whole = Files.readAllBytes(file());

    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), flipped);
      assertThat(store.find(KEY, Result.class)).as("bit %s", bit).isEmpty();
    }
    assertThat(store.rejected())
        .hasSize(8 * whole.length)
        .allSatisfy(line -> assertThat(line).contains("its hash differs from its content"));
    FaultMatrix.held(
        "damaged checkpoint: a bit flipped",
        "every bit of a checkpoint, one at a time",
        store.rejected().size() + " checkpoints rejected by their hash",
        "none used, each told");
  }

  @Test
  void whatFollowsTheEndIsRecognised() throws IOException {
    store.put(KEY, result(5));
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length + 1));

    assertThat(store.find(KEY, Result.class)).isEmpty();
  }

  @Test
  void aSoundFileOfAnotherKeyOrTypeIsNotUsed() throws IOException {
    CheckpointKey other = new CheckpointKey("inputs", "solve", "layer 2");
    store.put(other, result(5));
    Files.move(file(), folder.resolve("store").resolve(KEY.fileName() + ".checkpoint"));

    assertThat(store.find(KEY, Result.class)).isEmpty();
    store.put(KEY, new Other("name"));
    assertThat(store.find(KEY, Result.class)).isEmpty();
    assertThat(store.rejected())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("made from something else"));
    FaultMatrix.held(
        "foreign checkpoint",
        "a sound file under the name of another key, and one of another record type",
        store.rejected().size() + " checkpoints rejected",
        "neither used, each told");
  }

  @Test
  void whateverBytesHaveARightHashNothingButADamagedOneComesOfThem() throws IOException {
    store.put(KEY, result(5));
    byte[] whole = Files.readAllBytes(file());
    int body = whole.length - Sha256.BYTES;

    for (int place = 0; place < body; place++) {
      for (int value : new int[] {0x00, 0x7f, 0x80, 0xff}) {
        byte[] forged = whole.clone();
        forged[place] = (byte) value;
        byte[] hash = Sha256.digest().digest(Arrays.copyOf(forged, body));
        System.arraycopy(hash, 0, forged, body, hash.length);
        Files.write(file(), forged);
        // No exception, and no array that the file could not hold.
        store.find(KEY, Result.class).ifPresent(found -> assertThat(found.parts()).hasSize(2));
      }
    }
    assertThat(store.rejected()).isNotEmpty();
  }

  @Test
  void aDamagedOneIsReplaced() throws IOException {
    store.put(KEY, result(5));
    Files.write(file(), new byte[] {1});
    assertThat(store.find(KEY, Result.class)).isEmpty();

    store.put(KEY, result(5));

    assertThat(store.find(KEY, Result.class)).contains(result(5));
  }

  @Test
  void permissionsOnADiskFollowTheUmaskOfTheProcess() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("fs.permissions.umask-mode", "077");
    new CheckpointStore(configuration, folder.resolve("store").toUri().toString(), "a")
        .put(KEY, result(5));

    Path any = Files.createDirectory(folder.resolve("any"));
    assertThat(permissions(folder.resolve("store"))).isEqualTo(permissions(any));
    assertThat(permissions(file())).isEqualTo(permissions(Files.createFile(any.resolve("file"))));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aStoreThatIsClearedHoldsNothing() {
    store.put(KEY, result(5));
    store.clear();
    store.clear();

    assertThat(store.find(KEY, Result.class)).isEmpty();
    store.put(KEY, result(5));
    assertThat(store.find(KEY, Result.class)).isPresent();
  }

  @Test
  void whereTheDirectoryOfWorkIsGoneNothingIsWrittenAndTheRunGoesOn() {
    CheckpointStore lost =
        new CheckpointStore(
            new Configuration(), folder.resolve("gone/store").toUri().toString(), "a");

    lost.put(KEY, result(5));

    assertThat(lost.find(KEY, Result.class)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  private CheckpointStore store(String run) {
    return new CheckpointStore(
        new Configuration(), folder.resolve("store").toUri().toString(), run);
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("store"))) {
      return files.findFirst().orElseThrow();
    }
  }

  private static Result result(int length) {
    double[] values = new double[length];
    Arrays.setAll(values, k -> 1.0 / (k + 1));
    Factors factors = new Factors(length, values);
    return new Result(
        "Grüße", 1L << 40, true, -0.0, Kind.SECOND, new Nothing(), List.of(factors, new Nothing()));
  }
}
