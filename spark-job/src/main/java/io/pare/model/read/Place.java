package io.pare.model.read;

import io.pare.InputException;
import io.pare.model.proto.Onnx;
import java.util.Locale;

/**
 * A place in a model, for error messages: the file and the part of it. Names come from the file, so
 * they are data: shown in quotes, on one line, cut to {@value #SHOWN} characters.
 *
 * @param model how the user calls the model
 * @param part which part of it, empty for the whole
 */
record Place(String model, String part) {
  private static final int SHOWN = 80;

  /** The whole of a model. */
  static Place of(String model) {
    return new Place(line(model), "");
  }

  /** An initializer of the graph at this place. */
  Place initializer(Onnx.TensorProto tensor, int index) {
    return within("initializer " + nameOr(tensor.getName(), index));
  }

  /** A node of the graph at this place. */
  Place node(Onnx.NodeProto node, int index) {
    return within("node " + nameOr(node.getName(), index) + " (" + line(node.getOpType()) + ")");
  }

  /** An attribute of the node at this place. */
  Place attribute(Onnx.AttributeProto attribute) {
    return within("attribute " + quote(attribute.getName()));
  }

  /** A part of the part at this place. */
  Place within(String inner) {
    return new Place(model, part.isEmpty() ? inner : part + ", " + inner);
  }

  /** The error to throw for what is wrong here: value, limit and remedy. */
  InputException defect(String problem) {
    return InputException.data(model + ": " + (part.isEmpty() ? "" : part + ": ") + problem);
  }

  private static String nameOr(String name, int index) {
    return name.isEmpty() ? "number " + index : quote(name);
  }

  /** A name from the file, quoted. */
  static String quote(String name) {
    return '"' + line(name) + '"';
  }

  /** Text from the file on one line: what is not plainly printable becomes an escape. */
  static String line(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        shown.append(c);
      } else {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return text.length() > SHOWN ? shown + "..." : shown.toString();
  }

  private static boolean isPlain(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
