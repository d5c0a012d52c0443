package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void machinesThatTheNativesAreNotForAreRefusedInOneLine() {
    assertThatThrownBy(() -> Processor.require("aarch64", Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the natives in the jar are for x86-64 with AVX2, and this machine is aarch64: run driver and executors on other nodes");
    assertThatThrownBy(() -> Processor.require("amd64", Optional.of("flags : fpu avx")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is amd64 without AVX2");
    assertThatCode(() -> Processor.require("amd64", Optional.of("flags : fpu avx avx2")))
        .doesNotThrowAnyException();
    assertThatCode(() -> Processor.require("amd64", Optional.empty())).doesNotThrowAnyException();
  }
}
