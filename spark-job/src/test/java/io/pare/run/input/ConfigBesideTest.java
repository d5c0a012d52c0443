package io.pare.run.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.config.FixedInputs;
import io.pare.config.JobConfig;
import io.pare.model.output.OutputRules;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigBesideTest {
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

  private static Optional<ConfigBeside> of(String model, String preprocessing) {
    return ConfigBeside.of(
        new JobConfig.Network(
            model,
            preprocessing,
            Optional.empty(),
            FixedInputs.NONE,
            OutputRules.NONE,
            Duration.ofMinutes(1)));
  }
}
