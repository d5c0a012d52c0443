package io.pare.io;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;

/**
 * An object store as a {@link FileContext}, whose own ways to one are missing for some stores and
 * open another client each time for others: this one is the client that the process has.
 */
final class StoreFiles extends DelegateToFileSystem {
  private StoreFiles(FileSystem store, Configuration configuration)
      throws IOException, URISyntaxException {
    super(store.getUri(), new Opened(store), configuration, store.getUri().getScheme(), false);
  }

  static FileContext of(FileSystem store, Configuration configuration) throws IOException {
    try {
      return FileContext.getFileContext(new StoreFiles(store, configuration), configuration);
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static final class Opened extends FilterFileSystem {
    private Opened(FileSystem store) {
      super(store);
    }

    @Override
    public void initialize(URI name, Configuration configuration) {
      setConf(configuration);
    }
  }
}
