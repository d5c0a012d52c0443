package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions of outputs on a local disk, in a process with a umask of its own. */
class UmaskTest {
  private static final long LONGEST_SECONDS = 120;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"077, rwx------, rw-------", "002, rwxrwxr-x, rw-rw-r--"})
  void outputsHaveThePermissionsThatItLeaves(String umask, String directory, String file)
      throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask %s; exec \"$0\" -cp \"$1\" '%s' \"$2\""
                    .formatted(umask, Publishing.class.getName()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                folder.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();

    assertThat(permissions("new")).isEqualTo(directory);
    assertThat(permissions("new/out")).isEqualTo(directory);
    assertThat(permissions("new/out/model.onnx")).isEqualTo(file);
    assertThat(permissions("new/out/_SUCCESS")).isEqualTo(file);
    assertThat(permissions("results")).isEqualTo(directory);
    assertThat(permissions("results/result.json")).isEqualTo(file);
  }

  private String permissions(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
  }

  /** What the process runs. */
  static final class Publishing {
    private Publishing() {}

    public static void main(String[] folder) {
      Configuration configuration = new Configuration();
      try (ResultPublisher publisher =
          new ResultPublisher(configuration, folder[0] + "/new/out", IfExists.FAIL, "a")) {
        publisher.prepare();
        publisher.publish(Map.of("model.onnx", new byte[] {1}));
      }
      new HadoopFiles(configuration).write(folder[0] + "/results/result.json", new byte[] {1});
    }
  }
}
