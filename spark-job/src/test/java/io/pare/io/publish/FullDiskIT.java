package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.testing.FaultMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A local disk that is full: a tmpfs of 4 MiB, which only root may mount. */
class FullDiskIT {
  private static final String FAULT = "local disk full";
  private static final CheckpointKey KEY = new CheckpointKey("inputs", "solve", "layer");

  @TempDir private Path folder;

  record Layer(String name) {}

  @AfterEach
  void unmount() throws Exception {
    call("umount", folder.toString());
  }

  @Test
  void aFullDiskIsToldAndTheNextRunGoesOn() throws Exception {
    if (call("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.toString()) != 0) {
      FaultMatrix.held(FAULT, "not done: a tmpfs is mounted by root only", "-", "-");
      throw new TestAbortedException("needs the right to mount a tmpfs");
    }
    CheckpointStore store;
    try (ResultPublisher publisher = publisher("a")) {
      publisher.prepare();
      store = new CheckpointStore(new Configuration(), publisher.checkpoints(), "a");
      store.put(KEY, new Layer("one"));
      assertThatThrownBy(() -> publisher.publish(Map.of("model.onnx", new byte[5 << 20])))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No space left on device");
    }

    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".out.work").toFile().list()).containsExactly("checkpoints");
    try (ResultPublisher publisher = publisher("b")) {
      publisher.prepare();
      assertThat(store.find(KEY, Layer.class)).isPresent();
      publisher.publish(Map.of("model.onnx", new byte[1 << 20]));
    }
    assertThat(Files.size(folder.resolve("out/model.onnx"))).isEqualTo(1 << 20);
    FaultMatrix.held(
        FAULT,
        "a tmpfs of 4 MiB, 5 MiB to publish",
        "the error says \"No space left on device\"",
        "clear error, nothing partial; the next run found the checkpoint and published");
  }

  private ResultPublisher publisher(String run) {
    return new ResultPublisher(
        new Configuration(), folder.resolve("out").toUri().toString(), IfExists.FAIL, run);
  }

  private static int call(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
