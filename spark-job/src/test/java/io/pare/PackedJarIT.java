package io.pare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the packed jar has to carry besides the job. */
class PackedJarIT {

  @Test
  void theJarCarriesThisProjectsLicenceAndNoticeAndThoseOfItsLibraries() throws IOException {
    try (JarFile jar = new JarFile(packed().toFile())) {
      for (String name : List.of("LICENSE", "NOTICE")) {
        assertThat(text(jar, "META-INF/" + name))
            .isEqualTo(Files.readString(SparkSubmit.repository().resolve(name)));
      }
      // What the notice points to.
      for (String name : List.of("META-INF/AL2.0", "META-INF/LGPL2.1", "ThirdPartyNotices.txt")) {
        assertThat(text(jar, "META-INF/NOTICE")).contains(name);
        assertThat(jar.getEntry(name)).as(name).isNotNull();
      }
    }
  }

  private static Path packed() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-all.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
