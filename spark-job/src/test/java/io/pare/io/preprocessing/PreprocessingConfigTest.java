package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingConfigTest {
  private static final String TIMM =
      "{'input_size': [3, 224, 224], 'interpolation': 'bicubic', 'crop_pct': 0.95,"
          + " 'mean': [0.5, 0.5, 0.5], 'std': [0.5, 0.5, 0.5], 'crop_mode': 'center'}";
  private static final String IMAGENET =
      "'image_mean': [0.485, 0.456, 0.406], 'image_std': [0.229, 0.224, 0.225]";

  @Test
  void timmsConfigurationIsReadAloneAndInItsConfigJson() {
    Preprocessing expected =
        Preprocessing.parse(
            "torchvision,resize=crop-pct:0.95,interpolation=bicubic,mean=0.5,std=0.5", 224, 224);

    assertThat(read(TIMM, "")).isEqualTo(expected);
    assertThat(read("{'architecture': 'resnet', 'pretrained_cfg': " + TIMM + "}", ""))
        .isEqualTo(expected);
    assertThat(read(TIMM.replace("center", "squash"), "").canonical())
        .startsWith("resize=exact:235x235,crop=centre:224x224,interpolation=bicubic,");
  }

  @Test
  void overridesWinOverTheFile() {
    assertThat(read(TIMM, "interpolation=bilinear,mean=0").canonical())
        .contains("interpolation=bilinear", "mean=0.0:0.0:0.0", "std=0.5:0.5:0.5");
  }

  @Test
  void aProcessorThatResizesTheShorterEdgeAndCropsIsTorchvisions() {
    String json =
        "{'do_resize': true, 'size': {'shortest_edge': 256}, 'do_center_crop': true,"
            + " 'crop_size': {'height': 224, 'width': 224}, 'resample': 2, "
            + IMAGENET
            + "}";

    assertThat(read(json, "")).isEqualTo(Preprocessing.parse("torchvision", 224, 224));
  }

  @Test
  void otherProcessorsResizeToTheSizeOrByConvNextsRule() {
    assertThat(read("{'size': {'height': 224, 'width': 224}, 'resample': 3, " + IMAGENET + "}", ""))
        .isEqualTo(
            Preprocessing.parse(
                "torchvision,resize=exact:224x224,crop=none,interpolation=bicubic", 224, 224));
    assertThat(read("{'size': {'shortest_edge': 224}, 'crop_pct': 0.875, " + IMAGENET + "}", ""))
        .isEqualTo(Preprocessing.parse("torchvision", 224, 224));
    assertThat(read("{'size': 224, 'do_normalize': false, 'do_resize': true}", "").normalization())
        .isEqualTo(Preprocessing.parse("torchvision,mean=0,std=1", 224, 224).normalization());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                    | it holds neither timm's input_size nor",
        "not JSON                              | it is not JSON",
        "{'input_size': [1, 28, 28]}           | describe no RGB input",
        "{'input_size': [3, 8, 8], 'crop_pct': 0} | describe no RGB input",
        "{'input_size': [3, 8, 8], 'crop_mode': 'border'} | crop_mode = border of 8x8",
        "{'input_size': [3, 8, 8], 'mean': [1]} | mean must be three numbers: [1]",
        "{'input_size': [3, 8, 8], 'interpolation': 'lanczos', 'mean': [0,0,0], 'std': [1,1,1]} | interpolation=lanczos is unknown",
        "{'do_resize': true, 'size': {}}       | has no height and width",
        "{'size': 224, 'do_resize': true, 'resample': 1} | resample = 1: only 2",
      })
  void whatCannotBeDoneIsNamedWithTheFile(String json, String message) {
    assertThatThrownBy(() -> read(json, ""))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind()).isEqualTo(InputException.Kind.USAGE))
        .hasMessageStartingWith("preprocessing of config.json: ")
        .hasMessageContaining(message);
  }

  private static Preprocessing read(String json, String overrides) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return Preprocessing.ofConfig(
        new Preprocessing.Source("config.json", bytes, overrides), 224, 224);
  }
}
