package io.pare.model.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import org.junit.jupiter.api.Test;

/** Two networks meet where the maps of one size end, as far as both compute them. */
class FeatureMapsTest {
  private static final InputShape IMAGE = new InputShape(3, 16, 16, InputShape.Layout.NCHW);

  private static OnnxNetwork network(int inner, int last) {
    return Networks.read(
        ModelBuilder.seeded(5)
            .input("x", -1, 3, 16, 16)
            .conv("a", "x", inner, 3, 3)
            .relu("a.r", "a")
            .conv("b", "a.r", 4, inner, 3)
            .relu("b.r", "b")
            .maxPool("p", "b.r", 2, 2)
            .conv("c", "p", last, 4, 3)
            .relu("c.r", "c")
            .globalAveragePool("mean", "c.r")
            .flatten("flat", "mean")
            .gemm("logits", "flat", 7, last)
            .output("logits", -1, 7));
  }

  @Test
  void theLastMapOfEachSizeThatBothHaveInOneShape() {
    OnnxNetwork original = network(6, 5);
    assertThat(FeatureMaps.ofBlocks(original, network(6, 5), IMAGE))
        .containsExactly("a.r", "b.r", "p", "c.r");
    assertThat(FeatureMaps.ofBlocks(original, network(4, 5), IMAGE))
        .containsExactly("b.r", "p", "c.r");
    assertThat(FeatureMaps.ofBlocks(original, network(6, 3), IMAGE))
        .containsExactly("a.r", "b.r", "p");
  }
}
