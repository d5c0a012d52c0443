package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.ImageDecoder;
import io.pare.io.image.RgbImage;
import io.pare.testing.ImageFixtures;
import io.pare.testing.SharedMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Photographs as networks see them: hashes of what Pillow and torchvision's geometry give. */
class SharedImagesTest {

  @Test
  void photographsAreDecodedResizedAndCroppedAsByPillow() throws Exception {
    Path sample = SharedMaterial.require("data/imagenet-sample");
    Geometry geometry = Preprocessing.parse("torchvision", 227, 227).geometry();
    ImageDecoder decoder = new ImageDecoder();
    List<String[]> listing = ImageFixtures.table("imagenet-sample-val.tsv");
    assertThat(listing).hasSize(300);

    for (String[] row : listing) {
      RgbImage image = geometry.apply(decoder.decode(Files.readAllBytes(sample.resolve(row[0]))));

      assertThat(ImageFixtures.sha256(image)).as(row[0]).startsWith(row[1]);
    }
  }
}
