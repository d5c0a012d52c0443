package io.pare.cli;

import io.pare.InputException;
import io.pare.PlainLine;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.OutputEvaluation;
import io.pare.config.DiffConfig;
import io.pare.config.JobConfig;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.io.image.BadImageException;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.InputShape;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.Pass;
import io.pare.model.output.NetworkOutputs;
import io.pare.run.ResultFile;
import io.pare.run.input.ChosenPreprocessing;
import io.pare.run.input.HadoopSettings;
import io.pare.run.input.ReadNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * How far the outputs of two networks are apart on images: one by one, in this process, which is
 * quick enough for the hundreds of images that a comparison by eye takes.
 */
final class OutputDifference {
  private final Preprocessing preprocessing;
  private final ImageDecoder decoder;
  private final ChosenPreprocessing.Origin origin;
  private final InputShape shape;
  private final NetworkOutputs of;
  private final NetworkOutputs ofSecond;

  private Evaluation evaluation = Evaluation.NOTHING;
  private double largest;
  private double sum;
  private long values;
  private int bad;

  private OutputDifference(DiffConfig config, ReadNetwork first, ReadNetwork second) {
    this.shape = first.input();
    this.of = first.outputs().required(first.path());
    this.ofSecond = second.outputs().required(second.path());
    if (!of.matches(ofSecond)) {
      throw InputException.usage(
          "A puts out %s, B %s: they cannot be compared".formatted(of, ofSecond));
    }
    this.decoder = new ImageDecoder(config.reading().pixelLimit());
    ChosenPreprocessing chosen =
        ChosenPreprocessing.common(
            chosen(config.network(), first), chosen(config.secondNetwork(), second));
    this.preprocessing = chosen.preprocessing();
    this.origin = chosen.origin();
    if (preprocessing.channels() != shape.channels()
        || preprocessing.length() != shape.values()
        || preprocessing.height() != shape.height()) {
      throw InputException.usage(
          "preprocessing gives %d x %d x %d, but the networks take %d x %d x %d"
              .formatted(
                  preprocessing.channels(),
                  preprocessing.height(),
                  preprocessing.width(),
                  shape.channels(),
                  shape.height(),
                  shape.width()));
    }
  }

  private static ChosenPreprocessing chosen(JobConfig.Network network, ReadNetwork read) {
    return ChosenPreprocessing.of(network, read.original(), read.input(), ResultFile.files());
  }

  /**
   * Runs both networks.
   *
   * @param config whose images are set
   * @return lines for a terminal
   * @throws InputException where the networks or the images do not fit
   */
  static List<String> lines(DiffConfig config, ReadNetwork first, ReadNetwork second) {
    if (!first.input().equals(second.input())) {
      throw InputException.usage("the networks take different inputs: leave out --images");
    }
    OutputDifference difference = new OutputDifference(config, first, second);
    int threads = Math.max(1, config.reading().threads());
    try (InferenceSession a = session(first, threads);
        InferenceSession b = session(second, threads)) {
      difference.measure(config, a, b);
    }
    return difference.result(config);
  }

  private static InferenceSession session(ReadNetwork network, int threads) {
    return InferenceSession.open(network.original().toBytes(), threads);
  }

  private void measure(DiffConfig config, InferenceSession a, InferenceSession b) {
    Configuration hadoop = HadoopSettings.ofProcess();
    String location = config.images().orElseThrow();
    try (ImageBlockReader reader = new ImageBlockReader(hadoop)) {
      for (ImageBlock block :
          ImageSource.open(location, SourceOptions.defaults(), hadoop).blocks()) {
        for (EncodedImage image : reader.read(block)) {
          measure(image, a, b);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the images in " + location + " cannot be read", e);
    }
  }

  private void measure(EncodedImage image, InferenceSession a, InferenceSession b) {
    float[] tensor;
    try {
      tensor = preprocessing.apply(decoder.decode(image.bytes()));
    } catch (BadImageException e) {
      bad++;
      return;
    }
    float[] first = outputs(a, of, tensor);
    float[] second = outputs(b, ofSecond, tensor);
    evaluation = evaluation.plus(Evaluation.of(of.layouts(), second, first, EncodedImage.NO_LABEL));
    for (int k = 0; k < first.length; k++) {
      double apart = Math.abs((double) first[k] - second[k]);
      largest = Math.max(largest, apart);
      sum += apart;
    }
    values += first.length;
  }

  private float[] outputs(InferenceSession session, NetworkOutputs outputs, float[] tensor) {
    Pass pass = session.passes(tensor, 1, shape).get(0);
    return outputs.byImage(pass.outputs(), pass.size(), 1).get(0);
  }

  private List<String> result(DiffConfig config) {
    long images = evaluation.images();
    if (images == 0) {
      throw InputException.data(config.images().orElseThrow() + " holds no readable image");
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("outputs on %d images, %d left out as bad".formatted(images, bad));
    lines.add(
        "preprocessing %s%s"
            .formatted(
                preprocessing.canonical(),
                origin == ChosenPreprocessing.Origin.GUESSED ? " (a guess: set it)" : ""));
    for (OutputEvaluation output : evaluation.outputs()) {
      if (evaluation.outputs().size() > 1) {
        lines.add("output " + PlainLine.of(output.name()));
      }
      output
          .agreement()
          .ifPresent(share -> lines.add(format("same first class       %10.2f %%", 100 * share)));
      output
          .meanDivergence()
          .ifPresent(nats -> lines.add(format("KL divergence of B     %10.3g nats, mean", nats)));
      output
          .relativeError()
          .ifPresent(error -> lines.add(format("relative squared error %10.3g", error)));
    }
    lines.add(format("largest difference     %10.3g", largest));
    lines.add(format("mean difference        %10.3g", sum / values));
    return lines;
  }

  private static String format(String line, double value) {
    return String.format(Locale.ROOT, line, value);
  }
}
