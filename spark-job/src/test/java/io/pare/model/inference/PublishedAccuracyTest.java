package io.pare.model.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.InputShape;
import io.pare.testing.SharedMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * From JPEG to class: decoding, preprocessing and inference together give the accuracy that Pillow
 * and ONNX Runtime give in Python.
 */
class PublishedAccuracyTest {
  private static final int SIDE = 227;
  private static final InputShape SHAPE = new InputShape(3, SIDE, SIDE, InputShape.Layout.NCHW);

  /** Measured in Python on the same 300 photographs: 191 top-1 and 249 top-5. */
  @Test
  void squeezenetKnowsAsManyPhotographsAsInPython() throws Exception {
    byte[] model = Files.readAllBytes(SharedMaterial.require("models/squeezenet1.1.onnx"));
    Path sample = SharedMaterial.require("data/imagenet-sample");
    List<String> synsets = Files.readAllLines(sample.resolve("synsets.txt"));
    Preprocessing preprocessing = Preprocessing.parse("torchvision", SIDE, SIDE);
    ImageDecoder decoder = new ImageDecoder();
    int best = 0;
    int amongFive = 0;
    int images = 0;
    try (InferenceSession session = InferenceSession.open(model, 2);
        Stream<Path> found = Files.walk(sample.resolve("val"))) {
      for (Path file : found.filter(path -> path.toString().endsWith(".JPEG")).toList()) {
        float[] tensor = preprocessing.apply(decoder.decode(Files.readAllBytes(file)));
        float[] scores = session.run(tensor, 1, SHAPE).values().iterator().next().values();
        int label = synsets.indexOf(file.getParent().getFileName().toString());
        long better = above(scores, scores[label]);
        best += better < 1 ? 1 : 0;
        amongFive += better < 5 ? 1 : 0;
        images++;
      }
    }
    assertThat(images).isEqualTo(300);
    assertThat(best).isCloseTo(191, Offset.offset(2));
    assertThat(amongFive).isCloseTo(249, Offset.offset(2));
  }

  private static long above(float[] scores, float score) {
    long count = 0;
    for (float other : scores) {
      count += other > score ? 1 : 0;
    }
    return count;
  }
}
