package io.pare.algorithm.dense;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class IdleCoresTest {
  /** Enough operations for several tiles, and no multiple of their size. */
  private static final int ROWS = 1100;

  private static final int COLUMNS = 1003;

  @Test
  void productsHaveTheSameBitsWhateverHelps() throws Exception {
    List<double[]> alone = IdleCores.keepingBusy(1, IdleCoresTest::products);
    List<double[]> helped = IdleCores.keepingBusy(4, IdleCoresTest::products);

    for (int k = 0; k < alone.size(); k++) {
      assertThat(helped.get(k)).isEqualTo(alone.get(k));
    }
  }

  @Test
  void productsOfManyTilesAgreeWithThoseOfTheirColumns() {
    Matrix x = normal(ROWS, COLUMNS, 1);
    Matrix few = x.transposed().firstRows(3);
    Matrix expected = DenseAlgebra.multiply(few, x);
    List<double[]> products = products();

    assertClose(firstRows(products.get(0), COLUMNS), expected, 1e-2);
    assertClose(firstRows(products.get(1), COLUMNS), expected, 1e-2);
    assertClose(firstRows(products.get(2), COLUMNS), expected, 1e-2);
    assertClose(firstRows(products.get(3), COLUMNS), expected, 1e-9);
  }

  /** x^T x in three ways in single precision and in two in double, and a solution. */
  private static List<double[]> products() {
    Matrix x = normal(ROWS, COLUMNS, 1);
    float[] values = x.floats();
    float[] transposed = x.transposed().floats();
    double[] gram = new double[COLUMNS * COLUMNS];
    DenseAlgebra.addGram(values, ROWS, COLUMNS, gram);
    DenseAlgebra.mirror(gram, COLUMNS);
    double[] cross = new double[COLUMNS * COLUMNS];
    DenseAlgebra.addCross(values, values, ROWS, COLUMNS, COLUMNS, cross);
    float[] singles =
        DenseAlgebra.multiplyTransposed(transposed, transposed, COLUMNS, COLUMNS, ROWS);
    Matrix doubles = DenseAlgebra.transposeMultiply(x, x);
    Matrix wide = DenseAlgebra.multiply(x.transposed().firstRows(500), x);
    Matrix solved = new Cholesky(doubles).solveRows(wide);
    return List.of(
        gram,
        cross,
        Matrix.of(COLUMNS, COLUMNS, singles).values(),
        doubles.values(),
        wide.values(),
        solved.values());
  }

  private static Matrix firstRows(double[] square, int order) {
    return new Matrix(order, order, square).firstRows(3);
  }

  @Test
  void aTaskThatIsAloneUsesTheOtherSlotsAndReturnsThem() throws Exception {
    for (int round = 0; round < 3; round++) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      CountDownLatch all = new CountDownLatch(3);
      IdleCores.keepingBusy(
          3,
          () -> {
            IdleCores.forEach(
                3,
                part -> {
                  threads.add(Thread.currentThread());
                  all.countDown();
                  awaited(all);
                });
            return 0;
          });
      assertThat(threads).hasSize(3);
    }
  }

  @Test
  void tasksThatFillTheSlotsWorkAlone() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    IdleCores.keepingBusy(
        2,
        () ->
            IdleCores.keepingBusy(
                2,
                () -> {
                  IdleCores.forEach(20, part -> threads.add(Thread.currentThread()));
                  return 0;
                }));
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void aPartThatFailsFailsTheWorkAfterAllHelpersHaveEnded() {
    List<Integer> done = new ArrayList<>();
    assertThatThrownBy(
            () ->
                IdleCores.keepingBusy(
                    2,
                    () -> {
                      CountDownLatch both = new CountDownLatch(2);
                      IdleCores.forEach(
                          2,
                          part -> {
                            both.countDown();
                            awaited(both);
                            if (part == 1) {
                              throw new ArithmeticException("part 1");
                            }
                          });
                      done.add(1);
                      return 0;
                    }))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("part 1");
    assertThat(done).isEmpty();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
