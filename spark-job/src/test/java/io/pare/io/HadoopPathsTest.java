package io.pare.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopPathsTest {
  @TempDir java.nio.file.Path folder;

  private FileContext files;
  private Path directory;

  @BeforeEach
  void aDirectoryWithOneFile() throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("holder")).resolve("run1"), "");
    directory = new Path(folder.resolve("holder").toUri());
    files = FileContext.getFileContext(new Listed(), new Configuration());
    Listing.failing = 0;
    Listing.removes = false;
  }

  @Test
  void aDirectoryThatGoesWhileItIsListedIsNotThere() {
    Listing.failing = 1;
    Listing.removes = true;

    assertThatThrownBy(() -> HadoopPaths.entries(files, directory))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void aDirectoryThatIsThereAgainIsListed() throws IOException {
    Listing.failing = 2;

    assertThat(HadoopPaths.entries(files, directory))
        .extracting(entry -> entry.getPath().getName())
        .containsExactly("run1");
  }

  @Test
  void aDirectoryThatCannotBeListedFails() {
    Listing.failing = Integer.MAX_VALUE;

    assertThatThrownBy(() -> HadoopPaths.entries(files, directory))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("I/O error occurred");
  }

  /** The local disk as {@link FileContext} sees it. */
  private static final class Listed extends DelegateToFileSystem {
    Listed() throws IOException, URISyntaxException {
      super(URI.create("file:///"), new Listing(), new Configuration(), "file", false);
    }
  }

  /** Fails as Hadoop does where a directory goes between two looks at it. */
  private static final class Listing extends RawLocalFileSystem {
    private static int failing;
    private static boolean removes;

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      if (failing > 0) {
        failing--;
        if (removes) {
          delete(path, true);
        }
        throw new IOException("Invalid directory or I/O error occurred for dir: " + path);
      }
      return super.listStatus(path);
    }
  }
}
