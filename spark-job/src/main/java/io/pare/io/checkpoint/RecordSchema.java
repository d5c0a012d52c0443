package io.pare.io.checkpoint;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a record is made of. */
final class RecordSchema {
  private RecordSchema() {}

  /**
   * The types that a record is made of, by name and component: another version of the program whose
   * records differ has another text.
   */
  static String text(Class<?> type) {
    Set<String> lines = new TreeSet<>();
    describe(type, lines);
    return String.join("\n", lines);
  }

  private static void describe(Type type, Set<String> lines) {
    Class<?> plain = plain(type);
    if (plain == List.class || plain == Optional.class) {
      describe(element(type), lines);
    } else if (plain.isRecord() || plain.isSealed() || plain.isEnum()) {
      if (lines.add(line(plain))) {
        children(plain).forEach(child -> describe(child, lines));
      }
    }
  }

  private static String line(Class<?> type) {
    String parts =
        type.isEnum()
            ? Arrays.toString(type.getEnumConstants())
            : children(type).stream().map(Type::getTypeName).collect(Collectors.joining(", "));
    return type.getName() + "(" + parts + ")";
  }

  private static List<Type> children(Class<?> type) {
    if (type.isRecord()) {
      return Arrays.stream(type.getRecordComponents())
          .map(RecordComponent::getGenericType)
          .toList();
    }
    return type.isEnum() ? List.of() : List.of(type.getPermittedSubclasses());
  }

  static Class<?> plain(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }

  static Type element(Type list) {
    return ((ParameterizedType) list).getActualTypeArguments()[0];
  }
}
