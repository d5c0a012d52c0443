package io.pare.model.read;

import io.pare.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * External data in a folder of the local file system. Symbolic links below the folder are refused,
 * the last part again when it is opened. Thread-safe.
 */
public final class LocalExternalData implements ExternalData {
  private final Path folder;

  /**
   * @param folder where the model lies
   */
  public LocalExternalData(Path folder) {
    this.folder = folder;
  }

  @Override
  public byte[] read(String location, long offset, long length) {
    String shown = "external data " + Place.quote(location);
    Path file = folder;
    for (Path part : Path.of(location)) {
      file = file.resolve(part);
      if (Files.isSymbolicLink(file)) {
        throw InputException.data(shown + " is a symbolic link: copy the file itself");
      }
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw InputException.data(shown + " is missing: copy it beside the model");
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (offset > channel.size() - length) {
        throw InputException.data(
            shown
                + " has "
                + channel.size()
                + " bytes; "
                + length
                + " are wanted from byte "
                + offset
                + " on: copy it again");
      }
      return bytes(channel.position(offset), Math.toIntExact(length));
    } catch (IOException e) {
      throw InputException.data(shown + " cannot be read: " + Place.line(String.valueOf(e)));
    }
  }

  private static byte[] bytes(SeekableByteChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return buffer.array();
  }
}
