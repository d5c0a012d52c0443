package io.pare.stage;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * The types that the stages hand from one process to another as data, read from their signatures:
 * what functions on executors take and give, elements of distributed collections, and broadcasts.
 */
final class TravellingTypes {
  private static final String PROJECT = "io.pare.";
  private static final String STAGES = "io.pare.stage";
  private static final String FUNCTIONS = "org.apache.spark.api.java.function";
  private static final Set<Class<?>> CARRIERS =
      Set.of(JavaRDD.class, JavaPairRDD.class, Broadcast.class);

  private final Set<Class<?>> types =
      new TreeSet<>(Comparator.comparing((Class<?> type) -> type.getName()));

  private TravellingTypes() {}

  /** Every class that a value of the stages' data may have, abstract ones and carriers aside. */
  static Set<Class<?>> ofAllStages() {
    TravellingTypes found = new TravellingTypes();
    for (JavaClass stage :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(STAGES)) {
      found.readSignatures(stage.reflect());
    }
    return found.types;
  }

  /** Those of one class. */
  static Set<Class<?>> of(Class<?> stage) {
    TravellingTypes found = new TravellingTypes();
    found.readSignatures(stage);
    return found.types;
  }

  private void readSignatures(Class<?> stage) {
    for (Type implemented : stage.getGenericInterfaces()) {
      if (implemented instanceof ParameterizedType generic && travels(generic)) {
        Arrays.stream(generic.getActualTypeArguments()).forEach(this::add);
      }
    }
    for (Field field : stage.getDeclaredFields()) {
      search(field.getGenericType());
    }
    for (Method method : stage.getDeclaredMethods()) {
      if (!method.isSynthetic()) {
        search(method.getGenericReturnType());
        Arrays.stream(method.getGenericParameterTypes()).forEach(this::search);
      }
    }
  }

  /** Whether the arguments of an interface are values that a task is given or hands back. */
  private static boolean travels(ParameterizedType implemented) {
    String name = implemented.getRawType().getTypeName();
    return name.startsWith(FUNCTIONS) || name.startsWith(STAGES);
  }

  /** Adds what a type carries where it is a carrier, and looks for carriers inside it. */
  private void search(Type type) {
    if (type instanceof ParameterizedType generic) {
      boolean carrier = CARRIERS.contains(generic.getRawType());
      Arrays.stream(generic.getActualTypeArguments()).forEach(carrier ? this::add : this::search);
    }
  }

  /** Adds a type and all that a value of it may hold. */
  private void add(Type type) {
    if (type instanceof ParameterizedType generic) {
      Arrays.stream(generic.getActualTypeArguments()).forEach(this::add);
      add(generic.getRawType());
    } else if (type instanceof GenericArrayType array) {
      add(array.getGenericComponentType());
    } else if (type instanceof Class<?> plain) {
      addClass(plain);
    }
  }

  private void addClass(Class<?> type) {
    if (type.isPrimitive() || type == Iterator.class || types.contains(type)) {
      return;
    }
    if (type.isSealed() && !type.isEnum()) {
      List.of(type.getPermittedSubclasses()).forEach(this::addClass);
    } else if (!CARRIERS.contains(type)) {
      types.add(type);
    }
    if (type.isRecord() && type.getName().startsWith(PROJECT)) {
      for (RecordComponent component : type.getRecordComponents()) {
        add(component.getGenericType());
      }
    }
  }
}
