package io.pare.stage.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Lazy views of the iterators that Spark hands to a task. */
public final class Iterators {

  private Iterators() {}

  /** Applies a function to each element when it is asked for. */
  public static <A, B> Iterator<B> mapping(Iterator<A> elements, Function<A, B> function) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public B next() {
        return function.apply(elements.next());
      }
    };
  }

  /** Neighbouring elements together, so many at a time and fewer at the end. */
  public static <A> Iterator<List<A>> grouped(Iterator<A> elements, int count) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public List<A> next() {
        List<A> group = new ArrayList<>();
        group.add(elements.next());
        while (group.size() < count && elements.hasNext()) {
          group.add(elements.next());
        }
        return group;
      }
    };
  }

  /** Replaces each element by several, one group at a time. */
  public static <A, B> Iterator<B> flatMapping(
      Iterator<A> elements, Function<A, Iterator<B>> function) {
    return new Iterator<>() {
      private Iterator<B> present = java.util.Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!present.hasNext() && elements.hasNext()) {
          present = function.apply(elements.next());
        }
        return present.hasNext();
      }

      @Override
      public B next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        return present.next();
      }
    };
  }
}
