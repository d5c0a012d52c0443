package io.pare.prep;

import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A folder of this machine under the scheme of a store that nobody knows: what is not there is made
 * there, and nothing is replaced on condition. Stands for the stores that no server here speaks.
 */
final class LocalStore extends RawLocalFileSystem {
  private static final String SCHEME = "store";

  /** A configuration of a client that knows it. */
  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setClass(
        "fs." + SCHEME + ".impl", LocalStore.class, org.apache.hadoop.fs.FileSystem.class);
    return configuration;
  }

  /** A folder's path on it. */
  static String path(java.nio.file.Path folder) {
    return SCHEME + "://" + folder.toAbsolutePath();
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }
}
