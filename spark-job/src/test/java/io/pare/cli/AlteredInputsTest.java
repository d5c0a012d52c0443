package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.InputException;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.io.HadoopFiles;
import io.pare.io.image.BadImageException;
import io.pare.io.image.ImageDecoder;
import io.pare.io.image.RgbImage;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.run.GoalJobs;
import io.pare.run.zoo.ZooList;
import io.pare.run.zoo.ZooPlan;
import io.pare.testing.AlteredInputs;
import io.pare.testing.AlteredNetworks;
import io.pare.testing.BadModels;
import io.pare.testing.ImageFixtures;
import io.pare.testing.OddModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is altered, there is an answer or one clear error, in bounded time and in one JVM. */
class AlteredInputsTest {
  private static final String TRIAL_SECONDS = "8";
  private static final double NANOS = 1e9;

  @TempDir private Path folder;

  @Test
  void networksAreAcceptedOnlyIfTheyRunAndElseRefusedInOneLine() throws Exception {
    AlteredNetworks altered =
        new AlteredNetworks(
            List.of(BadModels.valid().toByteArray(), GoalJobs.plain(), OddModels.everyOddLayer()));
    Map<AlteredNetworks.Kind, AlteredInputs.Outcomes> outcomes =
        new EnumMap<>(AlteredNetworks.Kind.class);
    for (int number = 0; number < AlteredInputs.count(2000, 100); number++) {
      byte[] network = altered.network(number);
      Path file = Files.write(folder.resolve("network.onnx"), network);
      long begin = System.nanoTime();
      String outcome = inspected(number, file);
      double seconds = (System.nanoTime() - begin) / NANOS;
      if (outcome.equals("accepted")) {
        assertRuns(number, network);
      }
      outcomes
          .computeIfAbsent(AlteredNetworks.kind(number), kind -> new AlteredInputs.Outcomes())
          .add(outcome, seconds);
    }
    outcomes.forEach(
        (kind, its) -> its.write("network, " + kind.name().toLowerCase(java.util.Locale.ROOT)));
  }

  private static String inspected(int number, Path file) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new String[] {"inspect", "--model", file.toString(), "--trial-seconds", TRIAL_SECONDS},
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    String said = err.toString(StandardCharsets.UTF_8);
    assertThat(code).as("network %d: %s", number, said).isIn(0, 3);
    assertThat(said.lines().count())
        .as("network %d: %s", number, said)
        .isEqualTo(code == 0 ? 0 : 1);
    if (code == 0) {
      return "accepted";
    }
    return said.contains("ONNX Runtime crashed")
        ? "crashed in the first run"
        : said.contains("did not end within")
            ? "ended in the first run"
            : said.contains("ONNX Runtime cannot run")
                ? "refused by ONNX Runtime"
                : "refused before";
  }

  /** In this JVM, which a crash would end. */
  private static void assertRuns(int number, byte[] bytes) {
    OnnxNetwork network = ModelReader.read("network", bytes, ExternalData.none());
    InputShape image = network.inputShape(OptionalInt.empty(), OptionalInt.empty());
    int images = network.fixedBatch().orElse(1);
    try (InferenceSession session = InferenceSession.open(network.toBytes(), 1)) {
      assertThat(session.shapes(new float[images * image.values()], images, image))
          .as("network %d", number)
          .isNotEmpty();
    }
  }

  @Test
  void imagesAreDecodedOrBad() throws IOException {
    List<byte[]> bases = new ArrayList<>();
    for (String name : ImageFixtures.images()) {
      bases.add(ImageFixtures.read("images/" + name));
    }
    ImageDecoder decoder = new ImageDecoder();
    AlteredInputs.Outcomes outcomes = new AlteredInputs.Outcomes();
    for (int number = 0; number < AlteredInputs.count(500, 120); number++) {
      Random random = new Random(number);
      byte[] base = bases.get(random.nextInt(bases.size()));
      byte[] image =
          switch (number % 3) {
            case 0 -> AlteredNetworks.bytes(base, random);
            case 1 ->
                AlteredNetworks.spliced(base, bases.get(random.nextInt(bases.size())), random);
            default -> java.util.Arrays.copyOf(base, random.nextInt(base.length));
          };
      long begin = System.nanoTime();
      String outcome;
      try {
        RgbImage decoded = decoder.decode(image);
        assertThat(decoded.height()).isPositive();
        outcome = "decoded";
      } catch (BadImageException e) {
        assertThat(e.getMessage()).as("image %d", number).isNotBlank();
        outcome = "bad";
      }
      outcomes.add(outcome, (System.nanoTime() - begin) / NANOS);
    }
    outcomes.write("image");
  }

  @Test
  void configurationsAreTakenOrRefused() throws IOException {
    String defaults =
        Files.readString(io.pare.testing.SparkSubmit.repository().resolve("conf/pare.conf"));
    byte[] base = defaults.replaceAll("(?m)^#.*\\R|^\\R", "").getBytes(StandardCharsets.UTF_8);
    AlteredInputs.Outcomes outcomes = new AlteredInputs.Outcomes();
    for (int number = -1; number < AlteredInputs.count(300, 100) - 1; number++) {
      byte[] text = number < 0 ? base : altered(base, number);
      Path file = Files.write(folder.resolve("own.conf"), text);
      tried(
          outcomes,
          number,
          () ->
              JobConfig.of(
                  Settings.of(
                      Optional.of(file), Map.of("model", "m", "images", "i", "output", "o"))));
    }
    outcomes.write("configuration");
  }

  @Test
  void listsOfAZooAreTakenOrRefused() throws IOException {
    Map<String, String> bases =
        Map.of(
            "zoo.yaml",
            "defaults:\n  images: photos\n  seed: 7\nmodels:\n  - model: a.onnx\n    target: params=2,macs=2\n  - {name: other, model: b.onnx, compare: [svd, prune], resume: false}\n",
            "zoo.json",
            "[{\"model\": \"a.onnx\", \"images\": \"i\"}, {\"name\": \"b\", \"model\": \"b.onnx\", \"seed\": 3}]",
            "zoo.csv",
            "name,model,images,seed\na,a.onnx,i,1\n\"b, c\",b.onnx,,2\n");
    List<String> names = bases.keySet().stream().sorted().toList();
    AlteredInputs.Outcomes outcomes = new AlteredInputs.Outcomes();
    for (int number = -names.size();
        number < AlteredInputs.count(200, 90) - names.size();
        number++) {
      String name = names.get((number + names.size()) % names.size());
      byte[] base = bases.get(name).getBytes(StandardCharsets.UTF_8);
      byte[] text = number < 0 ? base : altered(base, number);
      Path file = Files.write(folder.resolve(name), text);
      tried(
          outcomes,
          number,
          () ->
              ZooPlan.of(
                  file.toString(),
                  ZooList.read(file.toString(), new HadoopFiles(new Configuration())),
                  () -> Settings.of(Optional.empty(), Map.of("images", "i", "output", "o"))));
    }
    outcomes.write("list of a zoo");
  }

  /** One to three characters that are others, or a piece in the place of another. */
  private static byte[] altered(byte[] base, int number) {
    Random random = new Random(number);
    if (number % 4 == 3) {
      return AlteredNetworks.spliced(base, base, random);
    }
    byte[] text = base.clone();
    for (int k = random.nextInt(3); k >= 0; k--) {
      text[random.nextInt(text.length)] =
          (byte) (number % 4 == 0 ? random.nextInt(256) : ' ' + random.nextInt(95));
    }
    return text;
  }

  private static void tried(AlteredInputs.Outcomes outcomes, int number, Callable<?> reading) {
    long begin = System.nanoTime();
    String outcome;
    try {
      assertThat(reading.call()).isNotNull();
      outcome = "taken";
    } catch (InputException e) {
      assertThat(number).as(e.getMessage()).isNotNegative();
      outcome = "refused";
    } catch (Exception e) {
      throw new AssertionError("number " + number, e);
    }
    outcomes.add(outcome, (System.nanoTime() - begin) / NANOS);
  }
}
