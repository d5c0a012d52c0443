package io.pare.io.preprocessing;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text of a {@link Preprocessing}, taken apart: presets are texts themselves, which overrides
 * amend. Faults raise IllegalArgumentException, which the caller puts into its frame.
 */
final class PreprocessingText {
  private static final Map<String, String> PRESETS = presets();
  private static final List<String> KEYS =
      List.of("resize", "crop", "interpolation", "channels", "layout", "scale", "mean", "std");

  private final Map<String, String> values;
  private final int inputHeight;
  private final int inputWidth;

  private PreprocessingText(Map<String, String> values, int inputHeight, int inputWidth) {
    if (inputHeight < 0 || inputWidth < 0) {
      throw new IllegalArgumentException(
          "the network's input cannot be " + inputHeight + "x" + inputWidth);
    }
    this.values = values;
    this.inputHeight = inputHeight;
    this.inputWidth = inputWidth;
    List<String> missing = KEYS.stream().filter(key -> !values.containsKey(key)).toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "without a preset every key must be given; missing: " + String.join(", ", missing));
    }
  }

  static PreprocessingText of(String text, int inputHeight, int inputWidth) {
    return new PreprocessingText(values(text, PRESETS), inputHeight, inputWidth);
  }

  /** A text whose preset {@code config} is what the JSON beside a network says. */
  static PreprocessingText ofConfig(String text, byte[] json, int inputHeight, int inputWidth) {
    Map<String, String> presets = new LinkedHashMap<>(PRESETS);
    presets.put("config", PreprocessingConfig.text(json));
    return new PreprocessingText(values(text, presets), inputHeight, inputWidth);
  }

  /** A text that further entries amend. */
  static PreprocessingText amended(String text, String overrides, int inputHeight, int inputWidth) {
    Map<String, String> values = values(text, PRESETS);
    if (!overrides.isEmpty()) {
      values.putAll(entries(parts(overrides)));
    }
    return new PreprocessingText(values, inputHeight, inputWidth);
  }

  private static Map<String, String> values(String text, Map<String, String> presets) {
    List<String> parts = parts(text);
    String name = parts.get(0);
    if (name.contains("=")) {
      return entries(parts);
    }
    if (!presets.containsKey(name)) {
      throw new IllegalArgumentException(unknown("preset", name, List.copyOf(presets.keySet())));
    }
    Map<String, String> values = entries(parts(presets.get(name)));
    values.putAll(entries(parts.subList(1, parts.size())));
    return values;
  }

  private static List<String> parts(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private static Map<String, String> presets() {
    Map<String, String> presets = new LinkedHashMap<>();
    presets.put(
        "torchvision",
        "resize=shorter:256,crop=centre,interpolation=bilinear,channels=rgb,layout=nchw,"
            + "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225");
    presets.put(
        "caffe",
        "resize=shorter:256,crop=centre,interpolation=bilinear,channels=bgr,layout=nchw,"
            + "scale=1,mean=103.939:116.779:123.68,std=1");
    presets.put(
        "tf",
        "resize=exact,crop=fraction:0.875,interpolation=bilinear,channels=rgb,layout=nhwc,"
            + "scale=1/127.5,mean=1,std=1");
    presets.put(
        "raw",
        "resize=none,crop=none,interpolation=bilinear,channels=rgb,layout=nchw,"
            + "scale=1,mean=0,std=1");
    return presets;
  }

  private static Map<String, String> entries(List<String> parts) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (String entry : parts) {
      int equals = entry.indexOf('=');
      String key = equals < 0 ? entry : entry.substring(0, equals).strip();
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(unknown("key", key, KEYS));
      }
      String value = equals < 0 ? "" : entry.substring(equals + 1).strip();
      if (value.isEmpty()) {
        throw new IllegalArgumentException(key + " has no value; write " + key + "=VALUE");
      }
      if (entries.put(key, value) != null) {
        throw new IllegalArgumentException(key + " is given twice");
      }
    }
    return entries;
  }

  Preprocessing toPreprocessing() {
    Resize resize = resize(values.get("resize"));
    Crop crop = crop(values.get("crop"));
    Geometry geometry =
        new Geometry(resize, crop, one("interpolation", Interpolation.class), output(resize, crop));
    ChannelOrder channels = one("channels", ChannelOrder.class);
    Normalization normalization =
        new Normalization(
            channels,
            one("layout", TensorLayout.class),
            number("scale", values.get("scale")),
            numbers("mean", channels.count()),
            numbers("std", channels.count()));
    return new Preprocessing(geometry, normalization);
  }

  static String canonical(Preprocessing preprocessing) {
    Geometry geometry = preprocessing.geometry();
    Normalization normalization = preprocessing.normalization();
    return "resize="
        + geometry.resize().text()
        + ",crop="
        + geometry.crop().text()
        + ",interpolation="
        + geometry.interpolation().text()
        + ",channels="
        + normalization.channels().text()
        + ",layout="
        + normalization.layout().text()
        + ",scale="
        + normalization.scale()
        + ",mean="
        + join(normalization.mean())
        + ",std="
        + join(normalization.std());
  }

  private Resize resize(String value) {
    String argument = argument(value);
    return switch (verb(value)) {
      case "none" -> new Resize.None();
      case "exact" -> new Resize.Exact(size("resize=exact", argument));
      case "shorter" -> new Resize.Shorter(side("resize=shorter", argument));
      case "crop-pct" -> ofCropPct(number("resize=crop-pct", argument));
      default ->
          throw new IllegalArgumentException(
              "resize="
                  + value
                  + " is unknown; write none, shorter:PIXELS, exact:HEIGHTxWIDTH or"
                  + " crop-pct:FRACTION");
    };
  }

  /** The shorter side that timm resizes to: the input divided by crop_pct, rounded down. */
  private Resize ofCropPct(double fraction) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "resize=crop-pct must be above 0 and at most 1, not " + fraction);
    }
    ImageSize input = networkInput("resize=crop-pct");
    if (input.height() != input.width()) {
      throw new IllegalArgumentException(
          "resize=crop-pct needs a square input, the network takes " + input);
    }
    return new Resize.Shorter((int) Math.floor(input.height() / fraction));
  }

  private Crop crop(String value) {
    String argument = argument(value);
    return switch (verb(value)) {
      case "none" -> new Crop.None();
      case "centre" -> new Crop.Centre(size("crop=centre", argument));
      case "fraction" -> new Crop.Fraction(number("crop=fraction", argument));
      default ->
          throw new IllegalArgumentException(
              "crop="
                  + value
                  + " is unknown; write none, centre:HEIGHTxWIDTH or fraction:FRACTION");
    };
  }

  private ImageSize output(Resize resize, Crop crop) {
    Optional<ImageSize> fixed = Optional.empty();
    if (crop instanceof Crop.Centre centre) {
      fixed = Optional.of(centre.size());
    } else if (resize instanceof Resize.Exact exact) {
      fixed = Optional.of(exact.size());
    }
    return new ImageSize(
        inputHeight > 0
            ? inputHeight
            : fixed.orElseGet(() -> networkInput("the preprocessing")).height(),
        inputWidth > 0
            ? inputWidth
            : fixed.orElseGet(() -> networkInput("the preprocessing")).width());
  }

  private ImageSize networkInput(String who) {
    if (inputHeight == 0 || inputWidth == 0) {
      throw new IllegalArgumentException(
          who
              + " needs an input size, which the network leaves free; write"
              + " resize=exact:HEIGHTxWIDTH or crop=centre:HEIGHTxWIDTH");
    }
    return new ImageSize(inputHeight, inputWidth);
  }

  private ImageSize size(String what, String text) {
    if (text.isEmpty()) {
      return networkInput(what);
    }
    int x = text.indexOf('x');
    if (x < 0) {
      throw new IllegalArgumentException(
          what + " must be HEIGHTxWIDTH, such as 224x224, not \"" + text + "\"");
    }
    return new ImageSize(side(what, text.substring(0, x)), side(what, text.substring(x + 1)));
  }

  private static int side(String what, String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          what + " must be whole pixels up to 99999, not \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static double number(String what, String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      return number(what, text.substring(0, slash)) / number(what, text.substring(slash + 1));
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + " must be a number, not \"" + text + "\"", e);
    }
  }

  /** What is given once holds for all channels. */
  private List<Double> numbers(String key, int channels) {
    List<Double> numbers =
        Arrays.stream(values.get(key).split(":", -1)).map(part -> number(key, part)).toList();
    return numbers.size() == 1 ? Collections.nCopies(channels, numbers.get(0)) : numbers;
  }

  private <E extends Enum<E>> E one(String key, Class<E> type) {
    String value = values.get(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
        return constant;
      }
    }
    String known =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    throw new IllegalArgumentException(key + "=" + value + " is unknown; write " + known);
  }

  private static String verb(String value) {
    int colon = value.indexOf(':');
    return colon < 0 ? value : value.substring(0, colon);
  }

  private static String argument(String value) {
    int colon = value.indexOf(':');
    return colon < 0 ? "" : value.substring(colon + 1);
  }

  private static String join(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(":"));
  }

  private static String unknown(String what, String name, List<String> known) {
    return "unknown "
        + what
        + " \""
        + name
        + "\"; did you mean \""
        + NearestName.of(name, known)
        + "\"? Known are "
        + String.join(", ", known);
  }
}
