package io.pare.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.InputException;
import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.testing.BadInputs;
import io.pare.testing.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Paths that are not ASCII in a process whose locale is C: the reason is given, nothing left out.
 */
class LocaleTest {
  private static final String REASON = " of this process: set LC_ALL=C.UTF-8";

  @TempDir private Path folder;

  @Test
  void whatCannotBeNamedIsToldWithTheReason() throws Exception {
    Files.write(folder.resolve("netz-\u00e9.onnx"), new byte[] {1});
    ImageFiles.write(
        Files.createDirectory(folder.resolve("in")).resolve("a.png"), ImageFiles.png(1));
    ImageFiles.write(folder.resolve("in/\u00e9.png"), ImageFiles.png(2));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Naming.class.getName(),
            folder.toString(),
            "netz-\u00e9.onnx",
            "bilder-\u00fc",
            "aus-\u00fc");
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .toList();

    assertThat(process.waitFor()).isZero();
    assertThat(lines).hasSize(5).allSatisfy(line -> assertThat(line).endsWith(REASON));
    List<String> inputs =
        List.of("network", "images", "image among others in a folder", "output", "--result-json");
    for (int i = 0; i < inputs.size(); i++) {
      BadInputs.refused(
          inputs.get(i),
          "not ASCII, in a process with LC_ALL=C",
          lines.get(i).replace(folder.toString(), ""),
          i < 3 ? "3" : "2");
    }
    assertThat(folder.toFile().list()).hasSize(2);
  }

  /** The process: each name as it arrives on its command line. */
  static final class Naming {
    private Naming() {}

    public static void main(String[] names) throws IOException {
      Configuration configuration = new Configuration();
      HadoopFiles files = new HadoopFiles(configuration);
      tell(() -> files.readAll(names[0] + "/" + names[1], 10));
      for (String images : List.of(names[2], "in")) {
        String location = names[0] + "/" + images;
        tell(() -> ImageSource.open(location, SourceOptions.defaults(), configuration));
      }
      String output = names[0] + "/" + names[3];
      tell(() -> new ResultPublisher(configuration, output, IfExists.FAIL, "a"));
      tell(
          () -> {
            files.requireWritable("--result-json", output);
            return output;
          });
    }

    private static void tell(HadoopFiles.Action<?> action) throws IOException {
      try {
        action.run();
        System.out.println("taken");
      } catch (InputException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
