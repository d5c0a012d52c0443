package io.pare.run.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigBesideTest {
  @TempDir private Path folder;

  @Test
  void theFileBesideTheModelOrAnotherIsNamedWithOverrides() {
    assertThat(of("hdfs://h/models/a.onnx", "config"))
        .contains(new ConfigBeside("hdfs://h/models/config.json", ""));
    assertThat(of("a.onnx", "config,mean=0,std=1"))
        .contains(new ConfigBeside("config.json", "mean=0,std=1"));
    assertThat(of("a.onnx", "config:hdfs://h/preprocessor_config.json,std=1"))
        .contains(new ConfigBeside("hdfs://h/preprocessor_config.json", "std=1"));
    assertThat(of("a.onnx", "torchvision")).isEmpty();
  }

  @Test
  void whatLiesBesideTheModelIsTakenWhereItSaysSomethingOfImages() throws IOException {
    JobConfig.Network network =
        new JobConfig.Network(folder.resolve("m.onnx").toString(), "auto,std=1", Optional.empty());
    assertThat(preprocessing(network)).startsWith("resize=shorter:256,crop=centre:224x224");

    Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"ResNet\"]}");
    assertThat(preprocessing(network)).contains("resize=shorter:256").contains("std=1");

    Files.writeString(
        folder.resolve("config.json"),
        "{\"pretrained_cfg\": {\"input_size\": [3, 224, 224], \"crop_pct\": 0.95,"
            + " \"interpolation\": \"bicubic\", \"mean\": [0.5, 0.5, 0.5],"
            + " \"std\": [0.5, 0.5, 0.5]}}");
    assertThat(preprocessing(network))
        .contains("resize=shorter:235")
        .contains("interpolation=bicubic")
        .contains("std=1");
  }

  private static String preprocessing(JobConfig.Network network) {
    return ConfigBeside.preprocessing(network, 224, 224, new HadoopFiles(new Configuration()))
        .canonical();
  }

  private static Optional<ConfigBeside> of(String model, String preprocessing) {
    return ConfigBeside.of(new JobConfig.Network(model, preprocessing, Optional.empty()));
  }
}
