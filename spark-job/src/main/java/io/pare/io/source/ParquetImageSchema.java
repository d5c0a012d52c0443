package io.pare.io.source;

import io.pare.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of a Parquet image data set, as Hugging Face data sets have them: {@code image
 * struct<bytes: binary, path: string>} and {@code label int64}.
 */
final class ParquetImageSchema {
  static final String IMAGE = "image";
  static final String BYTES = "bytes";
  static final String PATH = "path";
  static final String LABEL = "label";

  /** What {@link ParquetImageWriter} writes. */
  static final MessageType WRITTEN =
      Types.buildMessage()
          .optionalGroup()
          .optional(PrimitiveTypeName.BINARY)
          .named(BYTES)
          .optional(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(PATH)
          .named(IMAGE)
          .optional(PrimitiveTypeName.INT64)
          .named(LABEL)
          .named("schema");

  private static final String ACCEPTED =
      "a Parquet image data set has the columns image struct<bytes: binary, path: string> and,"
          + " where classes are known, label int64 or int32";

  private ParquetImageSchema() {}

  /**
   * The columns of {@code file} that are read: a part of its own schema.
   *
   * @throws InputException if they are not there or of other types
   */
  static MessageType projection(MessageType file, String path) {
    List<Type> columns = new ArrayList<>();
    columns.add(image(file, path));
    label(file, path).ifPresent(columns::add);
    return new MessageType(file.getName(), columns);
  }

  /** The label column, if the file has one. */
  static Optional<Type> label(MessageType file, String path) {
    if (!file.containsField(LABEL)) {
      return Optional.empty();
    }
    Type label = file.getType(LABEL);
    if (!isPlain(label, PrimitiveTypeName.INT64) && !isPlain(label, PrimitiveTypeName.INT32)) {
      throw refused(file, path, "column label is " + oneLine(label));
    }
    return Optional.of(label);
  }

  private static Type image(MessageType file, String path) {
    if (!file.containsField(IMAGE)) {
      throw refused(file, path, "it has no column image");
    }
    Type image = file.getType(IMAGE);
    if (image.isPrimitive() || image.isRepetition(Type.Repetition.REPEATED)) {
      throw refused(file, path, "column image is " + oneLine(image));
    }
    GroupType struct = image.asGroupType();
    if (!struct.containsField(BYTES) || !isPlain(struct.getType(BYTES), PrimitiveTypeName.BINARY)) {
      throw refused(file, path, "column image has no binary field bytes");
    }
    List<Type> fields = new ArrayList<>();
    fields.add(struct.getType(BYTES));
    if (struct.containsField(PATH) && isPlain(struct.getType(PATH), PrimitiveTypeName.BINARY)) {
      fields.add(struct.getType(PATH));
    }
    return struct.withNewFields(fields);
  }

  private static boolean isPlain(Type type, PrimitiveTypeName name) {
    return type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && type.asPrimitiveType().getPrimitiveTypeName() == name;
  }

  private static String oneLine(Type type) {
    return type.toString().replaceAll("\\s+", " ");
  }

  private static InputException refused(MessageType file, String path, String reason) {
    List<String> columns = file.getFields().stream().map(Type::getName).limit(20).toList();
    return InputException.data(
        path + ": " + reason + " (columns found: " + String.join(", ", columns) + "); " + ACCEPTED);
  }
}
