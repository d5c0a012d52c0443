package io.pare.algorithm.candidate;

import io.pare.algorithm.fit.InputScreen;
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
    public Optional<String> obstacle(LayerShape shape, int groups) {
      return unlessSeveralChannels(shape);
    }

    @Override
    public List<Proposal> proposals(Regression regression, Search search) {
      return InputSupports.proposals(regression, search.together());
    }

    @Override
    public List<Proposal> proposals(InputScreen screen, Search search) {
      return InputSupports.proposals(screen, search.together());
    }
  },

  /** The spatial form and a few input channels beside it. */
  SPATIAL_KEPT_INPUTS {
    @Override
    public Optional<String> obstacle(LayerShape shape, int groups) {
      return unlessOneGroup(groups)
          .or(() -> LOW_RANK_SPATIAL.obstacle(shape, groups))
          .or(() -> unlessSeveralChannels(shape))
          .or(() -> unlessAtMost(GREEDY_COLUMNS, shape.columns(), "weights a filter"));
    }

    @Override
    public List<Proposal> proposals(Regression regression, Search search) {
      return GreedySums.SPATIAL.proposals(regression, regression.shape().hasCoarsePath());
    }
  },

  /** The channel form and some inputs beside it. */
  CHANNEL_KEPT_INPUTS {
    @Override
    public Optional<String> obstacle(LayerShape shape, int groups) {
      return unlessOneGroup(groups)
          .or(() -> LOW_RANK_CHANNEL.obstacle(shape, groups))
          .or(
              () ->
                  shape.inputChannels() == shape.columns()
                      ? Optional.empty()
                      : Optional.of("its kernel has more than one position"));
    }

    @Override
    public List<Proposal> proposals(Regression regression, Search search) {
      return GreedySums.CHANNEL.proposals(regression, regression.shape().hasCoarsePath());
    }

    @Override
    public List<Proposal> proposals(InputScreen screen, Search search) {
      return GreedySums.CHANNEL.proposals(screen);
    }
  },

  /** Input channels and a low-rank form, as the extended ADMM finds them together. */
  ADMM_KEPT_INPUTS {
    @Override
    public Optional<String> obstacle(LayerShape shape, int groups) {
      return AdmmSums.obstacle(shape, Support.Kind.INPUTS);
    }

    @Override
    public List<Proposal> proposals(Regression regression, Search search) {
      return AdmmSums.proposals(regression, Support.Kind.INPUTS, search.admm());
    }
  },

  /** Filters and a low-rank form, as the extended ADMM finds them together. */
  ADMM_KEPT_FILTERS {
    @Override
    public Optional<String> obstacle(LayerShape shape, int groups) {
      return AdmmSums.obstacle(shape, Support.Kind.FILTERS);
    }

    @Override
    public List<Proposal> proposals(Regression regression, Search search) {
      return AdmmSums.proposals(regression, Support.Kind.FILTERS, search.admm());
    }
  };

  // Beyond these the fits take longer than what they were seen to win: units are dear there.
  private static final int GREEDY_COLUMNS = 4608;

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

  /** As options and tables name it. */
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether only layers with a Gram matrix can take structures of this family. */
  public boolean needsGram() {
    return this != LOW_RANK_CHANNEL && this != KEPT_INPUTS && this != CHANNEL_KEPT_INPUTS;
  }

  /**
   * The structures to judge of a layer without a Gram matrix.
   *
   * @param search what else it is told
   */
  public List<Proposal> proposals(InputScreen screen, Search search) {
    throw new IllegalStateException(option() + " needs a Gram matrix");
  }

  /** Whether the extended ADMM proposes the structures. */
  boolean isAdmm() {
    return this == ADMM_KEPT_INPUTS || this == ADMM_KEPT_FILTERS;
  }

  /** The low-rank form whose ranks make up the family, where there is one. */
  public Optional<Form> form() {
    return form;
  }

  static Optional<String> unlessSeveralChannels(LayerShape shape) {
    return shape.inputChannels() > 1 ? Optional.empty() : Optional.of("it reads a single channel");
  }

  /** The fits of a larger layer exceed a task, or take longer than what they win. */
  static Optional<String> unlessAtMost(long most, long number, String what) {
    return number <= most
        ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "it has more than %,d %s", most, what));
  }

  private static Optional<String> unlessOneGroup(int groups) {
    return groups == 1 ? Optional.empty() : Optional.of("it has several groups");
  }

  /**
   * Why a layer of that shape cannot take structures of this family to any use, in words that
   * follow its name; empty where it can.
   *
   * @param groups of the convolution; the greedy sums are left out where there are several
   */
  public Optional<String> obstacle(LayerShape shape, int groups) {
    return form.orElseThrow().obstacle(shape);
  }

  /** Whether a layer of that shape can take structures of this family to any use. */
  public boolean applies(LayerShape shape, int groups) {
    return obstacle(shape, groups).isEmpty();
  }

  /**
   * The structures to judge, which cost less than the layer; for a form, those of its steps.
   *
   * @param search what else it is told
   */
  public List<Proposal> proposals(Regression regression, Search search) {
    LayerShape shape = regression.shape();
    List<Proposal> proposals = new ArrayList<>();
    for (int step : form.orElseThrow().steps(shape)) {
      proposals.add(Proposal.of(step, Structure.of(form.get().at(shape, step))));
    }
    return proposals;
  }
}
