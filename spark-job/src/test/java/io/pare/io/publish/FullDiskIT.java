package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.FullDiskException;
import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.testing.FaultMatrix;
import io.pare.testing.MountedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local disk that is full: a tmpfs of 4 MiB, which only root may mount. */
class FullDiskIT {
  private static final String FAULT = "local disk full";
  private static final CheckpointKey KEY = new CheckpointKey("inputs", "solve", "layer");

  @TempDir private Path folder;

  record Layer(String name) {}

  @Test
  void aFullDiskIsToldAndTheNextRunGoesOn() throws Exception {
    MountedDisk.during(
        folder,
        "size=4m",
        () -> {
          fillAndGoOn();
        });
    FaultMatrix.held(
        FAULT,
        "a tmpfs of 4 MiB, 5 MiB to publish",
        "the error says \"No space left on device\"",
        "clear error that names the disk, nothing partial; the next run found the checkpoint and published");
  }

  private void fillAndGoOn() throws IOException {
    CheckpointStore store;
    try (ResultPublisher publisher = publisher("a")) {
      publisher.prepare();
      store = new CheckpointStore(new Configuration(), publisher.checkpoints(), "a");
      store.put(KEY, new Layer("one"));
      store.put(new CheckpointKey("inputs", "solve", "large"), new Layer("x".repeat(5 << 20)));
      assertThat(folder.resolve(".out.work/checkpoints").toFile().list())
          .as("nothing is left of what had no room")
          .hasSize(1);
      assertThatThrownBy(() -> publisher.publish(Map.of("model.onnx", new byte[5 << 20])))
          .isInstanceOf(FullDiskException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("the disk " + folder + " (tmpfs) (");
    }

    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".out.work").toFile().list()).containsExactly("checkpoints");
    try (ResultPublisher publisher = publisher("b")) {
      publisher.prepare();
      assertThat(store.find(KEY, Layer.class)).isPresent();
      publisher.publish(Map.of("model.onnx", new byte[1 << 20]));
    }
    assertThat(Files.size(folder.resolve("out/model.onnx"))).isEqualTo(1 << 20);
  }

  private ResultPublisher publisher(String run) {
    return new ResultPublisher(
        new Configuration(), folder.resolve("out").toUri().toString(), IfExists.FAIL, run);
  }
}
