package io.pare.model.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.OnnxNetwork;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantFoldingTest {
  @Test
  void aBiasBehindAnIdentityIsReadWhereItLies() {
    OnnxNetwork folded =
        ConstantFolding.fold(
            OnnxNetwork.of(
                input()
                    .weights("a.w", 4, 3, 3, 3)
                    .weights("b.w", 4, 4, 3, 3)
                    .weights("shared", 4)
                    .node("Identity", "same", List.of("shared"), List.of("same"))
                    .node("Conv", "a", List.of("x", "a.w", "shared"), List.of("a"))
                    .node("Conv", "b", List.of("a", "b.w", "same"), List.of("b"))
                    .output("b", -1, 4, 4, 4)
                    .build()));
    assertThat(folded.nodes()).hasSize(2);
    assertThat(folded.nodes().get(1).getInput(2)).isEqualTo("shared");
    assertThat(Networks.layers(folded).compressible()).hasSize(2);
  }

  @Test
  void weightsBehindATransposeAreTurned() {
    OnnxNetwork folded =
        ConstantFolding.fold(
            OnnxNetwork.of(
                ModelBuilder.seeded(2)
                    .input("x", -1, 3)
                    .initializer(ModelBuilder.floats("w", new long[] {2, 3}, 1, 2, 3, 4, 5, 6))
                    .node("Transpose", "t", List.of("w"), List.of("t"))
                    .node("MatMul", "y", List.of("x", "t"), List.of("y"))
                    .output("y", -1, 2)
                    .build()));
    assertThat(folded.nodes()).hasSize(1);
    assertThat(
            io.pare.model.Tensors.floats(
                folded.constant(folded.nodes().get(0).getInput(1)).orElseThrow()))
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  private static ModelBuilder input() {
    return ModelBuilder.seeded(1).input("x", -1, 3, 8, 8);
  }
}
