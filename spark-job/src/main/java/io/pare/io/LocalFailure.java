package io.pare.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** What the system says of a call on a local disk that failed, which Hadoop leaves out. */
public final class LocalFailure {
  private static final int FIRST_BEYOND_ASCII = 128;

  private LocalFailure() {}

  /** The reason in a few words, without the path. */
  public static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "a file is there";
    }
    return failure instanceof FileSystemException told
        ? Optional.ofNullable(told.getReason()).orElse(told.toString())
        : failure.toString();
  }

  /**
   * Why a path that is not ASCII may be there and not be found, or else nothing: a process sees
   * names in the encoding of its locale.
   */
  public static String encoding(String path) {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    return path.chars().allMatch(c -> c < FIRST_BEYOND_ASCII) || encoding.startsWith("UTF")
        ? ""
        : ", or cannot be named in the encoding "
            + encoding
            + " of this process: set LC_ALL=C.UTF-8";
  }
}
