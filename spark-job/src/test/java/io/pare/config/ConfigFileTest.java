package io.pare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
  private static final Map<String, String> EFFECTIVE =
      Map.of("model", "it's.onnx", "target", "macs=2.0", "seed", "1", "layers", "");

  @Test
  void whatDiffersFromTheDefaultsIsToldInTheOrderOfTheFile() {
    assertThat(ConfigFile.defaults().changed(EFFECTIVE))
        .isEqualTo("model = it's.onnx; target = macs=2.0");
  }

  @Test
  void theCommandThatSetsItIsQuotedForAShell() {
    assertThat(ConfigFile.defaults().command("compress", EFFECTIVE))
        .isEqualTo("pare compress --model 'it'\\''s.onnx' --target macs=2.0");
  }
}
