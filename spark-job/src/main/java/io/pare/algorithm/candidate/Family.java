package io.pare.algorithm.candidate;

import io.pare.algorithm.fit.GreedySupport;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * A family of structures that a layer may take: a low-rank form alone, a structured sparse
 * component alone, or their sum (algorithm.md sections 1 and 5).
 */
public enum Family {
  /** Low rank in the channel form. */
  LOW_RANK_CHANNEL(Form.CHANNEL),
  /** Low rank in the spatial form. */
  LOW_RANK_SPATIAL(Form.SPATIAL),
  /** Low rank in the Tucker-2 form. */
  TUCKER(Form.TUCKER),
  /** The three-factor chain, spatial then channel. */
  CHAIN(Form.CHAIN),

  /** Input channels alone, in the order of greedy backward elimination. */
  KEPT_INPUTS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return shape.inputChannels() > 1
          && (shape.columns() <= GREEDY_COLUMNS || shape.columns() == shape.inputChannels());
    }

    @Override
    public List<Proposal> proposals(Regression regression, AdmmBudget budget) {
      IntFunction<Support> support =
          regression.shape().columns() <= GREEDY_COLUMNS
              ? GreedySupport.of(regression)::support
              : new ScreenedSupport(regression, GREEDY_COLUMNS)::support;
      int channels = regression.shape().inputChannels();
      List<Proposal> proposals = new ArrayList<>();
      int[] sizes =
          Arrays.stream(shares(regression.shape()))
              .mapToInt(share -> Math.max(1, (int) Math.floor(share * channels)))
              .distinct()
              .toArray();
      for (int size : sizes) {
        proposals.add(Proposal.of(proposals.size(), Structure.of(support.apply(size))));
      }
      return proposals;
    }
  },

  /** The spatial form and a few input channels beside it. */
  SPATIAL_KEPT_INPUTS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return groups == 1
          && LOW_RANK_SPATIAL.applies(shape, groups)
          && shape.inputChannels() > 1
          && shape.columns() <= GREEDY_COLUMNS;
    }

    @Override
    public List<Proposal> proposals(Regression regression, AdmmBudget budget) {
      return SpatialSums.proposals(regression, regression.shape().hasCoarsePath());
    }
  },

  /** Input channels and a low-rank form, as the extended ADMM finds them together. */
  ADMM_KEPT_INPUTS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return AdmmSums.apply(shape, Support.Kind.INPUTS);
    }

    @Override
    public List<Proposal> proposals(Regression regression, AdmmBudget budget) {
      return AdmmSums.proposals(regression, Support.Kind.INPUTS, budget);
    }
  },

  /** Filters and a low-rank form, as the extended ADMM finds them together. */
  ADMM_KEPT_FILTERS {
    @Override
    public boolean applies(LayerShape shape, int groups) {
      return AdmmSums.apply(shape, Support.Kind.FILTERS);
    }

    @Override
    public List<Proposal> proposals(Regression regression, AdmmBudget budget) {
      return AdmmSums.proposals(regression, Support.Kind.FILTERS, budget);
    }
  };

  // Beyond these the search takes longer than what it was seen to win: units are dear there.
  private static final int GREEDY_COLUMNS = 4608;
  // Fits of wide layers take long: fewer of them tell as much.
  private static final double[] COARSE_SHARES = {0.9, 0.78, 0.66, 0.5, 0.36, 0.25, 0.15};
  private static final double[] SHARES = {
    0.95, 0.9, 0.84, 0.78, 0.72, 0.66, 0.6, 0.54, 0.48, 0.42, 0.36, 0.3, 0.25, 0.2, 0.15, 0.1
  };

  /** Names that differed by a letter, or said nothing of what they keep. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "channel", "low-rank-channel",
          "spatial", "low-rank-spatial",
          "channels", "kept-inputs",
          "spatial-channels", "spatial-kept-inputs",
          "admm-channels", "admm-kept-inputs",
          "admm-filters", "admm-kept-filters");

  private final Optional<Form> form;

  Family() {
    form = Optional.empty();
  }

  Family(Form form) {
    this.form = Optional.of(form);
  }

  /**
   * The family of a name that an option gives.
   *
   * @throws IllegalArgumentException with the new name for one that is no longer used, else with
   *     all names
   */
  public static Family ofOption(String name) {
    if (RENAMED.containsKey(name)) {
      throw new IllegalArgumentException(name + " is now called " + RENAMED.get(name));
    }
    return Arrays.stream(values())
        .filter(family -> family.option().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + options()));
  }

  /** The names of all families as options have them. */
  public static String options() {
    return Arrays.stream(values()).map(Family::option).collect(Collectors.joining(", "));
  }

  private static double[] shares(LayerShape shape) {
    return shape.hasCoarsePath() ? COARSE_SHARES : SHARES;
  }

  /** The fewest input channels that are kept alone. */
  static int fewestInputs(LayerShape shape) {
    double least = Arrays.stream(shares(shape)).min().orElseThrow();
    return Math.max(1, (int) Math.floor(least * shape.inputChannels()));
  }

  /** As options and tables name it. */
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The low-rank form whose ranks make up the family, where there is one. */
  public Optional<Form> form() {
    return form;
  }

  /**
   * Whether a layer of that shape can take structures of this family to any use.
   *
   * @param groups of the convolution; the greedy sums are left out where there are several
   */
  public boolean applies(LayerShape shape, int groups) {
    return form.orElseThrow().applies(shape);
  }

  /**
   * The structures to judge, which cost less than the layer; for a form, those of its steps.
   *
   * @param budget of the ADMM
   */
  public List<Proposal> proposals(Regression regression, AdmmBudget budget) {
    LayerShape shape = regression.shape();
    List<Proposal> proposals = new ArrayList<>();
    for (int step : form.orElseThrow().steps(shape)) {
      proposals.add(Proposal.of(step, Structure.of(form.get().at(shape, step))));
    }
    return proposals;
  }
}
