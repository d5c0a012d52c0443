package io.pare.run.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.config.FixedInputs;
import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.output.OutputRules;
import io.pare.model.proto.Onnx;
import io.pare.run.GoalJobs;
import io.pare.run.input.ChosenPreprocessing.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChosenPreprocessingTest {
  private static final String CARRIED =
      "resize=none,crop=none,interpolation=bilinear,channels=rgb,layout=nchw,"
          + "scale=0.00392156862745098,mean=0.5:0.5:0.5,std=0.25:0.25:0.25";

  @TempDir private Path folder;

  @Test
  void whatLiesBesideTheNetworkIsTakenWhereItSaysSomethingOfImages() throws IOException {
    OnnxNetwork network = network(Optional.empty());
    assertThat(chosen("auto,std=1", network).origin()).isEqualTo(Origin.GUESSED);
    assertThat(text("auto,std=1", network)).startsWith("resize=shorter:256,crop=centre:224x224");

    Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"ResNet\"]}");
    assertThat(chosen("auto", network).origin()).isEqualTo(Origin.GUESSED);

    configBeside();
    assertThat(chosen("auto", network).origin()).isEqualTo(Origin.FILE);
    assertThat(text("auto,std=1", network))
        .contains("resize=shorter:235")
        .contains("interpolation=bicubic")
        .contains("std=1");
  }

  @Test
  void whatTheNetworkSaysComesBeforeAFileAndAfterTheConfiguration() throws IOException {
    configBeside();
    OnnxNetwork network = network(Optional.of(CARRIED));

    assertThat(chosen("auto", network).origin()).isEqualTo(Origin.NETWORK);
    assertThat(text("auto", network)).isEqualTo(CARRIED);
    assertThat(text("auto,std=1", network))
        .isEqualTo(CARRIED.replace("0.25:0.25:0.25", "1.0:1.0:1.0"));
    assertThat(chosen("torchvision", network).origin()).isEqualTo(Origin.CONFIGURED);
    assertThat(text("torchvision", network)).startsWith("resize=shorter:256");
  }

  @Test
  void nonsenseInANetworkIsTheUsersErrorAndNamesIt() {
    assertThatThrownBy(() -> chosen("auto", network(Optional.of("config:/etc/passwd"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("config:/etc/passwd")
        .hasMessageContaining("unknown preset");
  }

  @Test
  void aGuessGivesWayToWhatTheOtherNetworkSaysAndContradictionsAreRefused() {
    ChosenPreprocessing guess = chosen("auto", network(Optional.empty()));
    ChosenPreprocessing told = chosen("auto", network(Optional.of(CARRIED)));
    ChosenPreprocessing other =
        chosen("auto", network(Optional.of(CARRIED.replace("0.25", "0.75"))));

    assertThat(ChosenPreprocessing.common(guess, told)).isEqualTo(told);
    assertThat(ChosenPreprocessing.common(told, guess)).isEqualTo(told);
    assertThat(ChosenPreprocessing.common(told, told)).isEqualTo(told);
    assertThatThrownBy(() -> ChosenPreprocessing.common(told, other))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("0.25:0.25:0.25")
        .hasMessageContaining("0.75:0.75:0.75");
  }

  @Test
  void ofANetworkForGreyImagesTheGuessIsGrey() {
    ChosenPreprocessing guess = chosen("auto", network(Optional.empty()), 1);
    assertThat(guess.origin()).isEqualTo(Origin.GUESSED);
    assertThat(guess.preprocessing().canonical()).contains("channels=grey").contains("mean=0.5,");
  }

  private void configBeside() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"pretrained_cfg\": {\"input_size\": [3, 224, 224], \"crop_pct\": 0.95,"
            + " \"interpolation\": \"bicubic\", \"mean\": [0.5, 0.5, 0.5],"
            + " \"std\": [0.5, 0.5, 0.5]}}");
  }

  private static OnnxNetwork network(Optional<String> carried) {
    try {
      Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(GoalJobs.plain()).toBuilder();
      carried.ifPresent(
          text ->
              model.addMetadataProps(
                  Onnx.StringStringEntryProto.newBuilder()
                      .setKey(ChosenPreprocessing.METADATA)
                      .setValue(text)));
      return OnnxNetwork.of(model.build());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String text(String configured, OnnxNetwork network) {
    return chosen(configured, network).preprocessing().canonical();
  }

  private ChosenPreprocessing chosen(String configured, OnnxNetwork network) {
    return chosen(configured, network, 3);
  }

  private ChosenPreprocessing chosen(String configured, OnnxNetwork network, int channels) {
    JobConfig.Network named =
        new JobConfig.Network(
            folder.resolve("m.onnx").toString(),
            configured,
            Optional.empty(),
            FixedInputs.NONE,
            OutputRules.NONE,
            Duration.ofMinutes(1));
    return ChosenPreprocessing.of(
        named,
        network,
        new InputShape(channels, 224, 224, InputShape.Layout.NCHW),
        new HadoopFiles(new Configuration()));
  }
}
