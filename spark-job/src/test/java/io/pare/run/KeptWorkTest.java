package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptWorkTest {
  @TempDir private Path folder;

  @Test
  void theLineOfAFailureNamesTheFolderOfWorkWhereSomethingIsKept() throws IOException {
    String output = folder.resolve("out").toString();
    try (ResultPublisher publisher =
        new ResultPublisher(new Configuration(), output, IfExists.FAIL, "a")) {
      assertThat(publisher.prepare()).isTrue();
      assertThat(message(publisher)).isEqualTo("3 images are bad");

      Files.createDirectories(folder.resolve(".out.work/checkpoints"));

      assertThat(message(publisher))
          .isEqualTo(
              "3 images are bad; finished parts are kept in file:%s for the next run; pare clean removes them"
                  .formatted(folder.resolve(".out.work")));
    }
  }

  private static String message(ResultPublisher publisher) {
    InputException bad = InputException.data("3 images are bad");
    assertThatThrownBy(
            () ->
                KeptWork.toldBy(
                    publisher,
                    () -> {
                      throw bad;
                    }))
        .isSameAs(bad);
    return Failure.message(bad);
  }
}
