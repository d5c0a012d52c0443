package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultPlacesTest {
  private final ResultPlaces places = new ResultPlaces(new Configuration());

  @TempDir private Path folder;
  private Path output;

  @BeforeEach
  void publishAResult() {
    output = folder.resolve("out");
    try (ResultPublisher publisher =
        new ResultPublisher(new Configuration(), output.toString(), IfExists.FAIL, "a")) {
      publisher.prepare();
      publisher.publish(Map.of("model.onnx", new byte[] {1}));
    }
  }

  @Test
  void anInputAtOrBelowTheOutputIsRefused() throws IOException {
    for (Path inside : new Path[] {output, output.resolve("model.onnx"), output.resolve("a/b")}) {
      assertThatThrownBy(() -> places.requireApart("model", inside.toString(), output.toString()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("model = " + inside + " lies in output = " + output);
      assertThatThrownBy(
              () -> places.requireApart("model", inside.toUri().toString(), output.toString()))
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void aLinkThatLeadsIntoTheOutputIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("mine.onnx"), output.resolve("model.onnx"));
    Path other = Files.createSymbolicLink(folder.resolve("other"), output);

    assertThatThrownBy(() -> places.requireApart("model", link.toString(), output.toString()))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(
            () ->
                places.requireApart(
                    "model", output.resolve("model.onnx").toString(), other.toString()))
        .isInstanceOf(InputException.class);
  }

  @Test
  void whatLiesBesideOrAboveOrOnAnotherSystemIsApart() {
    for (String path :
        new String[] {
          folder.toString(), folder + "/out2/model.onnx", folder + "/ou", "s3a://bucket/out"
        }) {
      assertThatCode(() -> places.requireApart("images", path, output.toString()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aPathInAResultIsRefusedAtAnyDepthAndTheResultItselfIsNot() {
    for (String inside : new String[] {output + "/new.json", output + "/a/b/c"}) {
      assertThatThrownBy(() -> places.requireOutsideResults("--result-json", inside))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("--result-json = " + inside)
          .hasMessageContaining("lies in the result file:" + output);
    }
    assertThatCode(() -> places.requireOutsideResults("output", output.toString()))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> places.requireOutsideResults("--result-json", "gs://bucket/result.json"))
        .as("which could not be written at the end")
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no file system gs is known here");
  }
}
