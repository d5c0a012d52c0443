package io.pare.run.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.Warning;
import io.pare.run.pipeline.SampleWarnings.Figure;
import io.pare.run.progress.Warnings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleWarningsTest {
  private final Warnings warnings = new Warnings();

  @Test
  void layersWithFewSamplesAreCountedWithTheFewestAndTheFirstNames() {
    List<Figure> few =
        IntStream.range(0, 7).mapToObj(k -> new Figure("conv" + k, 4.5 - 0.5 * k)).toList();

    new SampleWarnings(9, few).tell(warnings);

    assertThat(warnings.all()).hasSize(1);
    Warning warning = warnings.all().get(0);
    assertThat(warning.code()).isEqualTo("few-samples");
    assertThat(warning.text())
        .startsWith("7 of 9 layers have fewer than 5 samples for each column");
    assertThat(warning.text()).contains("1.5 the fewest");
    assertThat(warning.place()).isEqualTo("conv0, conv1, conv2, conv3, conv4 and 2 more");
  }

  @Test
  void enoughSamplesAreNoWarning() {
    new SampleWarnings(9, List.of()).tell(warnings);

    assertThat(warnings.all()).isEmpty();
  }
}
