package io.pare.algorithm.structure;

import io.pare.algorithm.dense.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * One summand of a layer's approximation, in the form in which it is written to the network: a
 * choice of inputs, then one convolution after the other. The table of components in algorithm.md
 * section 1 gives the weights of each.
 */
public sealed interface Component {
  /** Stands for all inputs. */
  int[] ALL_INPUTS = {};

  /** The convolutions, first to last; at least one. */
  List<Factor> factors();

  /** Input channels that are gathered first, ascending; {@link #ALL_INPUTS} where it reads all. */
  default int[] inputs() {
    return ALL_INPUTS;
  }

  /** The n x d matrix that it stands for, in the column order of {@link LayerShape}. */
  Matrix matrix(LayerShape shape);

  /**
   * A component that computes some outputs of this one only.
   *
   * @param rows their numbers, ascending
   */
  Component outputs(int[] rows);

  /**
   * The same matrix from factors of one scale. Fits leave them as their arithmetic has it, up to
   * four orders of magnitude apart, which half precision, quantisation and gradient steps suffer
   * from.
   */
  default Component balanced() {
    return this;
  }

  /** Number of weights that the written component has. */
  default long weights() {
    return factors().stream().mapToLong(Factor::weights).sum();
  }

  /** What it costs, each factor charged where it runs. */
  default LayerCost cost(Geometry geometry) {
    return Costs.chain(
        factors().stream().map(Factor::taps).toList(),
        factors().stream().mapToLong(Factor::weights).toArray(),
        geometry);
  }

  /**
   * The whole kernel, unchanged in structure.
   *
   * @param kernel n x (c kh kw)
   */
  record Dense(Matrix kernel) implements Component {
    @Override
    public List<Factor> factors() {
      return List.of(new Factor(Taps.ALL, kernel));
    }

    @Override
    public Matrix matrix(LayerShape shape) {
      return kernel;
    }

    @Override
    public Component outputs(int[] rows) {
      return new Dense(kernel.rows(rows));
    }
  }

  /**
   * Low rank: factors as the {@link Form} of the component has them.
   *
   * @param factors at least two, the inputs of each as many as the outputs of the one before
   */
  record Factors(List<Factor> factors) implements Component {
    private static final int BALANCING_SWEEPS = 20;

    public Factors {
      factors = List.copyOf(factors);
      if (factors.size() < 2) {
        throw new IllegalArgumentException("a low-rank component has at least two factors");
      }
    }

    /** Factors of a form, first to last. */
    public static Factors of(Form form, Matrix... kernels) {
      if (kernels.length != form.taps().size()) {
        throw new IllegalArgumentException(
            form + " has " + form.taps().size() + " factors, not " + kernels.length);
      }
      List<Factor> factors = new ArrayList<>();
      for (int k = 0; k < kernels.length; k++) {
        factors.add(new Factor(form.taps().get(k), kernels[k]));
      }
      return new Factors(factors);
    }

    /** The kernel of one of the factors. */
    public Matrix kernel(int place) {
      return factors.get(place).kernel();
    }

    @Override
    public Matrix matrix(LayerShape shape) {
      Matrix product = kernel(factors.size() - 1);
      if (kernel(0).rows() == 0) {
        return Matrix.zeros(shape.outputs(), shape.columns());
      }
      for (int k = factors.size() - 2; k >= 0; k--) {
        product = factors.get(k).before(product);
      }
      return product;
    }

    @Override
    public Factors balanced() {
      List<Factor> scaled = new ArrayList<>(factors);
      // A factor in the middle has two neighbours: what evens out one pair disturbs the other.
      int sweeps = factors.size() == 2 ? 1 : BALANCING_SWEEPS;
      for (int sweep = 0; sweep < sweeps; sweep++) {
        for (int k = 0; k + 1 < scaled.size(); k++) {
          Factor.Pair pair = new Factor.Pair(scaled.get(k), scaled.get(k + 1)).balanced();
          scaled.set(k, pair.first());
          scaled.set(k + 1, pair.second());
        }
      }
      return new Factors(scaled);
    }

    @Override
    public Factors outputs(int[] rows) {
      List<Factor> chosen = new ArrayList<>(factors);
      int last = chosen.size() - 1;
      chosen.set(last, chosen.get(last).outputs(rows));
      return new Factors(chosen);
    }

    /**
     * The same outputs among others that are zero.
     *
     * @param rows where each output goes, ascending
     * @param outputs number of all outputs
     */
    public Factors scattered(int[] rows, int outputs) {
      List<Factor> spread = new ArrayList<>(factors);
      int last = spread.size() - 1;
      spread.set(
          last, new Factor(spread.get(last).taps(), kernel(last).scatteredRows(rows, outputs)));
      return new Factors(spread);
    }
  }

  /**
   * Structured sparse over input channels: a gather of the kept ones, then a convolution on them.
   *
   * @param inputs kept input channels, ascending
   * @param kernel n x (|inputs| kh kw)
   */
  @SuppressWarnings("ArrayRecordComponent")
  record KeptInputs(int[] inputs, Matrix kernel) implements Component {
    @Override
    public List<Factor> factors() {
      return List.of(new Factor(Taps.ALL, kernel));
    }

    @Override
    public Matrix matrix(LayerShape shape) {
      int taps = Taps.ALL.count(shape);
      Matrix result = Matrix.zeros(kernel.rows(), shape.columns());
      for (int o = 0; o < kernel.rows(); o++) {
        for (int k = 0; k < inputs.length; k++) {
          System.arraycopy(
              kernel.values(),
              o * kernel.columns() + k * taps,
              result.values(),
              o * shape.columns() + inputs[k] * taps,
              taps);
        }
      }
      return result;
    }

    @Override
    public Component outputs(int[] rows) {
      return new KeptInputs(inputs, kernel.rows(rows));
    }
  }

  /**
   * Structured sparse over filters: the kept filters in full, zero elsewhere.
   *
   * @param filters kept filters, ascending
   * @param kernel |filters| x (c kh kw)
   */
  @SuppressWarnings("ArrayRecordComponent")
  record KeptFilters(int[] filters, Matrix kernel) implements Component {
    @Override
    public List<Factor> factors() {
      return List.of(new Factor(Taps.ALL, kernel));
    }

    @Override
    public Matrix matrix(LayerShape shape) {
      return kernel.scatteredRows(filters, shape.outputs());
    }

    /** Fails: its outputs are a choice already. */
    @Override
    public Component outputs(int[] rows) {
      throw new IllegalArgumentException("kept filters are not restricted once more");
    }
  }
}
