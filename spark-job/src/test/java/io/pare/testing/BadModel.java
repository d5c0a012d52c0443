package io.pare.testing;

/**
 * A file that is no valid ONNX model.
 *
 * @param name what is wrong with it, unique
 * @param bytes the file
 * @param message a part of the error that a reader must give
 */
@SuppressWarnings("ArrayRecordComponent")
public record BadModel(String name, byte[] bytes, String message) {
  @Override
  public String toString() {
    return name;
  }
}
