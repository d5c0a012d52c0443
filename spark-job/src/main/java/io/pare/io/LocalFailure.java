package io.pare.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** What the system says of a call on a local disk that failed, which Hadoop leaves out. */
public final class LocalFailure {
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
}
