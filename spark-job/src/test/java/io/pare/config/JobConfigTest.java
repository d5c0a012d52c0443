package io.pare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.learning.Extent;
import io.pare.io.publish.IfExists;
import io.pare.model.output.OutputRules;
import io.pare.model.quantization.Precision;
import io.pare.plan.Goal;
import io.pare.plan.LayerRules;
import io.pare.plan.Target;
import io.pare.stage.layers.WideLayers;
import io.pare.testing.BadInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobConfigTest {
  private static final Map<String, String> REQUIRED =
      Map.of("model", "m.onnx", "images", "images.parquet", "output", "out");

  @TempDir private Path folder;

  @Test
  void defaultsArePinned() {
    JobConfig config = config(Map.of());

    assertThat(config)
        .isEqualTo(
            new JobConfig(
                new JobConfig.Network(
                    "m.onnx",
                    "auto",
                    Optional.empty(),
                    FixedInputs.NONE,
                    OutputRules.NONE,
                    Duration.ofMinutes(1)),
                new JobConfig.Reading(16, 0.001, 100_000_000, 0),
                new JobConfig.Calibration("images.parquet", 0, 8, 128, 0.2),
                new JobConfig.Validation(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                new SolverConfig(
                    Mode.FULL,
                    List.of(),
                    EnumSet.allOf(Family.class),
                    0.001,
                    new WideLayers(8192, 10240, 1024),
                    0.2,
                    1),
                new PlanningConfig(
                    new Goal(List.of(new Target(Target.Metric.PARAMS, 2)), List.of()),
                    new LayerRules(List.of()),
                    false,
                    64,
                    5),
                new RecoveryConfig(Optional.of(new Extent.Automatic()), 0.5, 1, 0, 0, 1),
                Precision.FP32,
                new OutputConfig(
                    "out", IfExists.FAIL, true, Optional.empty(), Optional.empty(), 30),
                new ZooConfig(2, 2)));
  }

  @Test
  void theFileOfDefaultsHoldsExactlyTheKeysOfTheRecordEachOnceWithAComment() {
    List<ConfigFile.Entry> entries = ConfigFile.defaults().entries();

    assertThat(entries)
        .extracting(ConfigFile.Entry::key)
        .containsExactlyInAnyOrderElementsOf(config(Map.of()).effective().keySet());
    assertThat(entries).allSatisfy(entry -> assertThat(entry.comment()).isNotBlank());
  }

  @Test
  void theEffectiveConfigurationReadsBackAsItself() {
    Map<String, String> keys =
        new HashMap<>(
            Map.of(
                "target", "macs=1.25,max-kl=0.1",
                "input-size", "96x128",
                "inputs", "im_shape=640.0:640.0,scale=1.0",
                "layers", "keep@conv1*, ratio=2@fc8, forms=low-rank-spatial+low-rank-channel@*3x3*",
                "forms", "low-rank-spatial,low-rank-channel",
                "compare", "svd,whitened",
                "seed", "-7",
                "validation", "val.parquet",
                "precision", "int8",
                "recover", "steps=300"));
    keys.put("recover-share", "0.3");
    keys.put("recover-temperature", "2.5");
    keys.put("recover-features", "0.5");
    keys.put("recover-weight-decay", "0.01");
    keys.put("recover-local-steps", "4");

    JobConfig config = config(keys);

    assertThat(JobConfig.of(Settings.of(Optional.empty(), config.effective()))).isEqualTo(config);
  }

  @Test
  void theCommandLineWinsOverTheFileAndTheFileOverTheDefaults() throws IOException {
    Path file = write("batch-size = 4\nseed = 9\n");
    Map<String, String> commandLine = new HashMap<>(REQUIRED);
    commandLine.put("seed", "10");

    JobConfig config = JobConfig.of(Settings.of(Optional.of(file), commandLine));

    assertThat(config.reading().batchSize()).isEqualTo(4);
    assertThat(config.solver().seed()).isEqualTo(10);
    assertThat(config.calibration().samplesPerColumn()).isEqualTo(8);
  }

  @Test
  void everyProblemIsReportedAtOnceInOneLine() throws IOException {
    Path file = write("batchsize = 4\nno equals sign\nseed = x\nseed = 2\n");
    Settings settings =
        Settings.of(
            Optional.of(file),
            Map.of("ridge", "0", "threads", "-1", "target", "size=2", "input-size", "224"));

    assertThatThrownBy(() -> JobConfig.of(settings))
        .isInstanceOfSatisfying(InputException.class, e -> record("ten problems at once", e))
        .hasMessageStartingWith("configuration: 10 problems: ")
        .hasMessageContaining(file + " line 1: unknown key batchsize, did you mean batch-size?")
        .hasMessageContaining(file + " line 2: not of the form key = value: no equals sign")
        .hasMessageContaining(file + " line 4: seed is set a second time")
        .hasMessageContaining("model is not set: give --model, or model in the file of --config")
        .hasMessageContaining("images is not set")
        .hasMessageContaining("output is not set")
        .hasMessageContaining("threads = -1: must be at least 0")
        .hasMessageContaining("ridge = 0.0: must be above 0.0 and at most 1.0")
        .hasMessageContaining(
            "target = size=2: each part must be METRIC=FACTOR with a metric of params, macs")
        .hasMessageContaining("input-size = 224: must be HEIGHTxWIDTH, such as 224x224");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch-size          | 0         | batch-size = 0: must be at least 1",
        "batch-size          | 1.5       | batch-size = 1.5: must be an integer of at most 32 bits",
        "batch-size          | 3000000000| must be an integer of at most 32 bits",
        "max-bad-images      | NaN       | max-bad-images = NaN: must be from 0.0 to 1.0",
        "validation-fraction | 0.6       | must be above 0.0 and at most 0.5",
        "calibration-images  | -1        | calibration-images = -1: must be at least 0",
        "positions-per-image | 0         | positions-per-image = 0: must be at least 1",
        "samples-per-column  | 0         | samples-per-column = 0: must be at least 1",
        "pixel-limit         | 0         | pixel-limit = 0: must be at least 1",
        "seed                | one       | seed = one: must be an integer of at most 64 bits",
        "ridge               | tiny      | ridge = tiny: must be a number",
        "target              | params    | must be METRIC=FACTOR parts joined by commas",
        "target              | params=0.5| params must be a finite factor of at least 1",
        "target              | params=x  | params must be a number",
        "target              | params=Infinity | params must be a finite factor",
        "forms               | tucker,rank | must be one of low-rank-channel, low-rank-spatial, tucker, chain",
        "forms               | channel   | channel is now called low-rank-channel",
        "forms               | ','       | forms is empty: name at least one of low-rank-channel, low-rank-spatial, tucker, chain",
        "forms               | kept-inputs | forms leaves nothing to the mode svd",
        "mode                | half      | must be one of svd, whitened, prune, low-rank-relu, full",
        "compare             | all,none  | must be one of svd, whitened",
        "recover             | steps=0   | must be no, auto, steps=N or minutes=N with N at least 1",
        "recover             | minutes=x | must be no, auto, steps=N or minutes=N with N at least 1",
        "recover             | yes       | must be no, auto, steps=N or minutes=N with N at least 1",
        "recover-share       | 1         | must be from 0.0 to 0.95",
        "recover-temperature | 0         | must be from 0.1 to 100",
        "recover-features    | -1        | must be from 0 to 100",
        "recover-weight-decay | 1.5      | must be from 0.0 to 1.0",
        "recover-local-steps | 0         | must be from 1 to 64",
        "precision           | int2      | must be one of fp32, fp16, int8, int4",
        "layers              | drop@fc   | knows keep, ratio=R and forms=FORM+FORM, not drop",
        "layers              | keep      | each rule must be keep@NAME",
        "layers              | ratio=0@x | ratio must be a number of at least 1",
        "refuse-slower       | maybe     | must be yes or no",
        "sensitivity-images  | 0         | sensitivity-images = 0: must be at least 1",
        "target              | max-top1-drop=1 | validation is not set",
        "rounds              | 0         | rounds = 0: must be at least 1",
        "input-size          | 0x3       | height and width must be at least 1",
        "inputs              | scale     | each part must be NAME=VALUE:VALUE with finite numbers",
        "inputs              | s=1,s=2   | no input can have two values",
        "if-exists           | maybe     | must be one of fail, skip, overwrite",
        "output | hdfs://me:secret@host/x | output holds a password",
      })
  void aBadValueIsNamedWithItsLimit(String key, String value, String message) {
    Map<String, String> changes = new HashMap<>(Map.of("mode", "svd"));
    changes.put(key, value);
    assertThatThrownBy(() -> config(changes))
        .isInstanceOfSatisfying(InputException.class, e -> record(key + " = " + value, e))
        .hasMessageStartingWith("configuration: ")
        .hasMessageContaining(message);
  }

  @Test
  void aPasswordInAPathIsNotRepeated() {
    assertThatThrownBy(() -> config(Map.of("output", "hdfs://me:secret@host/x")))
        .hasMessageNotContaining("secret");
  }

  @Test
  void aStorageAccountInAPathIsNoPassword() {
    String path = "abfss://container@account.dfs.core.windows.net/models/out";

    assertThat(config(Map.of("output", path)).output().path()).isEqualTo(path);
  }

  @Test
  void anUnreadableFileIsNamed() {
    Path missing = folder.resolve("missing.conf");

    assertThatThrownBy(() -> Settings.of(Optional.of(missing), REQUIRED))
        .isInstanceOfSatisfying(InputException.class, e -> record("no file", e))
        .hasMessageContaining("configuration file " + missing + " cannot be read");
  }

  private void record(String bad, InputException error) {
    assertThat(error.kind()).isEqualTo(InputException.Kind.USAGE);
    BadInputs.refused("configuration", bad, error.getMessage().replace(folder.toString(), ""), "2");
  }

  private static JobConfig config(Map<String, String> changes) {
    Map<String, String> values = new HashMap<>(REQUIRED);
    values.putAll(changes);
    return JobConfig.of(Settings.of(Optional.empty(), values));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("own.conf"), text);
  }
}
