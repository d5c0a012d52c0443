package io.pare.run.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResumeInputsTest {

  @Test
  void whateverChangesOfVersionNetworkImagesLayersAndSettingsNothingOldIsFound() {
    List<String> version = List.of("pare = 1", "java = 17");
    List<String> layers = List.of("conv1", "fc");
    List<String> settings = List.of("ridge = 0.001");

    assertThat(
            Set.of(
                new ResumeInputs(version, "net", "pixels", layers, settings).hash(),
                new ResumeInputs(
                        List.of("pare = 2", "java = 17"), "net", "pixels", layers, settings)
                    .hash(),
                new ResumeInputs(version, "other", "pixels", layers, settings).hash(),
                new ResumeInputs(version, "net", "others", layers, settings).hash(),
                new ResumeInputs(version, "net", "pixels", List.of("conv1"), settings).hash(),
                new ResumeInputs(version, "net", "pixels", layers, List.of("ridge = 1")).hash()))
        .hasSize(6);
  }

  @Test
  void theVersionIsThatOfTheProgramAndOfAllThatItComputesWith() {
    assertThat(Version.lines())
        .anyMatch(line -> line.startsWith("pare = "))
        .anyMatch(line -> line.startsWith("java = "))
        .anyMatch(line -> line.startsWith("blas = "))
        .anyMatch(line -> line.startsWith("spark = "));
  }
}
